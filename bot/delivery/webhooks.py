"""Webhooks: signed, to the very address that was checked, following nothing."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable
from socket import AddressFamily

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.delivery.sender import DeliveryError
from bot.services.records import Machine, OutboundMessage
from bot.services.webhook_targets import WebhookRefused, WebhookRules, WebhookUnsafe

TIMEOUT_S = 10
_GONE = (410,)
"""The one answer by which an address says that it won't come back; anything else can be mended over there."""


class WebhookSender:
    """Post to a machine's address; `machine_of` gives it by its id, as it is now."""

    def __init__(
        self,
        machine_of: Callable[[str], Machine | None],
        rules: WebhookRules,
        resolver: AbstractResolver | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Keep `resolver` None for the names that this machine knows."""
        self._machine_of = machine_of
        self._rules = rules
        self._resolver = resolver
        self._now = now

    async def send(self, message: OutboundMessage) -> None:
        """Hand over; a repeat has the same X-Madoguchi-Delivery."""
        machine = await asyncio.to_thread(self._machine_of, message.recipient)
        if machine is None or machine.revoked_at or not machine.webhook or not machine.webhook_secret:
            raise DeliveryError("the machine was revoked", permanent=True)
        try:
            self._rules.check(machine.webhook)
            status = await self._post(machine.webhook, self._headers(message, machine.webhook_secret), message.text)
        except WebhookRefused as error:
            raise DeliveryError(str(error)) from None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise DeliveryError(f"the webhook does not answer: {type(error).__name__}") from None
        if not 200 <= status < 300:
            raise DeliveryError(f"the webhook answered {status}", permanent=status in _GONE)

    async def _post(self, address: str, headers: dict[str, str], body: str) -> int:
        resolver = _CheckedResolver(self._rules, self._resolver or ThreadedResolver())
        # Neither proxies of the environment nor redirects: both would go where nobody checked.
        async with (
            aiohttp.TCPConnector(resolver=resolver) as connector,
            aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(TIMEOUT_S)) as session,
            session.post(address, data=body.encode(), headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status

    def _headers(self, message: OutboundMessage, secret: str) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": "Madoguchi",
            "X-Madoguchi-Delivery": message.id,
            "X-Madoguchi-Signature": sign(secret, int(self._now()), message.text),
        }


def sign(secret: str, moment: int, body: str) -> str:
    """Sign a body with its time (Unix seconds), so that a recorded call can't be played again for long."""
    mac = hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256)
    return f"t={moment},v1={mac.hexdigest()}"


class _CheckedResolver(AbstractResolver):
    """Give only addresses that may be called: what is connected to is what was judged, whatever the name says next."""

    def __init__(self, rules: WebhookRules, inner: AbstractResolver) -> None:
        self._rules = rules
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not all(self._rules.may_call(host, one["host"]) for one in found):
            raise WebhookUnsafe("the webhook's name leads into a private network")
        return found

    async def close(self) -> None:
        await self._inner.close()
