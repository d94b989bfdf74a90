from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver

from bot.delivery.sender import DeliveryError
from bot.delivery.webhooks import WebhookSender, sign
from bot.services.records import Machine
from bot.services.webhook_targets import WebhookRules
from tests.records import NOW, machine, outbound

BODY = '{"id": "d1", "event": "handoff.opened"}'
MESSAGE = outbound("d1", kind="webhook", recipient="a1", text=BODY)


class Receiver:
    """Another help desk's webhook, on loopback."""

    def __init__(self) -> None:
        self.port = 0
        self.status = 200
        self.headers: dict[str, str] = {}
        self.got: list[tuple[dict[str, str], str]] = []

    async def hook(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.text()))
        return web.Response(status=self.status, headers=self.headers)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.hook)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.port = runner.addresses[0][1]
    yield receiver
    await runner.cleanup()


class Names(AbstractResolver):
    """A name service that the test writes."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[Any]:
        self.asked += 1
        ip = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [{"hostname": host, "host": ip, "port": port, "family": family, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        pass


def sender(one: Machine | None, *, strict: bool = False, names: Names | None = None, **more: Any) -> WebhookSender:
    rules = WebhookRules(strict, more.get("exceptions", frozenset()))
    return WebhookSender({"a1": one}.get, rules, names, now=lambda: 1750000000.9)


def hook(receiver: Receiver, host: str = "127.0.0.1", **more: Any) -> Machine:
    return machine("a1", **{"webhook": f"http://{host}:{receiver.port}/hook?x=1", **more})


async def test_it_is_signed_and_says_which_delivery_it_is(receiver: Receiver) -> None:
    await sender(hook(receiver)).send(MESSAGE)
    ((headers, body),) = receiver.got
    assert body == BODY
    mac = hmac.new(b"whsec_x", b"1750000000." + BODY.encode(), hashlib.sha256).hexdigest()
    assert headers["X-Madoguchi-Signature"] == f"t=1750000000,v1={mac}"
    assert headers["X-Madoguchi-Delivery"] == "d1"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["event"] == "handoff.opened"


@pytest.mark.parametrize(("secret", "moment", "body"), [("b", 1, "x"), ("a", 2, "x"), ("a", 1, "y")])
def test_a_signature_is_of_secret_time_and_body(secret: str, moment: int, body: str) -> None:
    assert sign(secret, moment, body).partition("v1=")[2] != sign("a", 1, "x").partition("v1=")[2]


@pytest.mark.parametrize(("status", "permanent"), [(302, False), (400, False), (404, False), (410, True), (500, False)])
async def test_what_is_not_taken_is_tried_again(receiver: Receiver, status: int, permanent: bool) -> None:
    receiver.status = status
    with pytest.raises(DeliveryError, match=f"^the webhook answered {status}$") as caught:
        await sender(hook(receiver)).send(MESSAGE)
    assert caught.value.permanent is permanent


async def test_a_redirect_leads_nowhere(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 307, {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}
    with pytest.raises(DeliveryError, match="307"):
        await sender(hook(receiver)).send(MESSAGE)
    assert len(receiver.got) == 1


async def test_nobody_there_is_tried_again_without_naming_the_address() -> None:
    with pytest.raises(DeliveryError) as caught:
        await sender(machine("a1", webhook="http://127.0.0.1:1/hook?key=secret")).send(MESSAGE)
    assert not caught.value.permanent
    assert "secret" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize("one", [None, machine("a1", webhook=None), machine("a1", revoked_at=NOW)])
async def test_a_revoked_machine_is_told_nothing_more(one: Machine | None) -> None:
    with pytest.raises(DeliveryError) as caught:
        await sender(one).send(MESSAGE)
    assert caught.value.permanent


class TestInProduction:
    """What is named in public must not lead into the network that the desk stands in."""

    async def test_a_name_that_leads_inside_is_not_called(self, receiver: Receiver) -> None:
        outside = machine("a1", webhook=f"https://help.example:{receiver.port}/hook")
        with pytest.raises(DeliveryError, match="private network") as caught:
            await sender(outside, strict=True, names=Names("127.0.0.1")).send(MESSAGE)
        assert not caught.value.permanent
        assert receiver.got == []

    async def test_what_was_judged_is_what_is_called(self, receiver: Receiver) -> None:
        # A name that changes between two questions would get past a check that asks by itself.
        inside, names = hook(receiver, "help.internal"), Names("127.0.0.1", "192.0.2.1")
        rules = {"exceptions": frozenset({"help.internal"})}
        await sender(inside, strict=True, names=names, **rules).send(MESSAGE)
        assert names.asked == 1
        assert len(receiver.got) == 1

    async def test_an_address_that_was_fine_in_development_is_not_called(self, receiver: Receiver) -> None:
        with pytest.raises(DeliveryError, match="https"):
            await sender(hook(receiver), strict=True).send(MESSAGE)
        assert receiver.got == []
