"""LINE as the web front mounts it and as staff see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import structlog
from starlette.routing import Route

from bot.channels.line.accounts import open_accounts
from bot.channels.line.answering import LOADING_AFTER_S, SWEEP_EVERY_S, Answering
from bot.channels.line.messages import Formatter
from bot.channels.line.posting import Poster
from bot.channels.line.reception import Reception
from bot.channels.line.webhook import Webhook
from bot.delivery.line_client import LineError, Quota
from bot.knowledge.library import PolicyLibrary
from bot.services.converse import Desk
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock, Keys, Store
from bot.settings import LineCredentials, Settings, load_line_credentials

_log = structlog.get_logger(__name__)

ACCOUNTS_EVERY_S = 30.0
"""How often LINE is asked who we are, until it has said so for every company."""


class LineChannel:
    """All companies' LINE accounts on this server."""

    def __init__(
        self,
        settings: Settings,
        companies: PolicyLibrary,
        store: Store,
        desk: Desk,
        keys: Keys,
        clock: Clock,
        phrases: Phrasebook,
        credentials: Callable[[str], LineCredentials | None] = load_line_credentials,
        loading_after_s: float = LOADING_AFTER_S,
        sweep_every_s: float = SWEEP_EVERY_S,
    ) -> None:
        self._store = store
        self._accounts = open_accounts(companies, settings.line_api_base, credentials)
        self._clients = {company: account.client for company, account in self._accounts.items()}
        poster = Poster(store, clock, Formatter(phrases), self._clients)
        self._answering = Answering(
            desk, poster, store, self._clients, settings.engine_timeout_s, loading_after_s, sweep_every_s
        )
        reception = Reception(store, desk, keys, clock, phrases)
        self._webhook = Webhook(self._accounts, reception, self._answering)

    def routes(self) -> list[Route]:
        """The route of the webhooks; without any account it answers 404 to all."""
        return [Route("/line/{company}/webhook", self._webhook.receive, methods=["POST"])]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work for as long as the block lasts; no account, no work."""
        if not self._accounts:
            yield
            return
        learning = asyncio.create_task(self._learn())
        try:
            async with self._answering.running():
                yield
        finally:
            learning.cancel()
            with suppress(asyncio.CancelledError):
                await learning
            for client in self._clients.values():
                await client.close()

    async def quota(self, company: str) -> Quota | None:
        """How many pushes the company's account has left this month; None if it has no account or LINE is silent."""
        client = self._clients.get(company)
        if client is None:
            return None
        try:
            return await client.quota()
        except LineError:
            return None

    async def mark_read(self, conversation: str) -> None:
        """Show the customer that staff have read what they wrote; a convenience, so a failure is only logged."""
        company, token = await asyncio.to_thread(self._last_read_token, conversation)
        client = self._clients.get(company or "")
        if client is None or not token:
            return
        try:
            await client.mark_read(token)
        except LineError as error:
            _log.info("line.mark_read_failed", conversation=conversation, status=error.status)

    def _last_read_token(self, conversation: str) -> tuple[str | None, str]:
        with self._store.transaction(read_only=True) as tx:
            thread = tx.conversations.get(conversation)
            messages = tx.conversations.messages(conversation)
        tokens = [token for message in messages if (token := message.body.get("line", {}).get("read_token"))]
        return thread.company if thread else None, tokens[-1] if tokens else ""

    async def _learn(self) -> None:
        while True:
            for account in self._accounts.values():
                await account.learn_bot_user_id()
            if all(account.bot_user_id for account in self._accounts.values()):
                return
            await asyncio.sleep(ACCOUNTS_EVERY_S)
