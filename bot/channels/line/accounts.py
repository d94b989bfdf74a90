"""The LINE accounts of the companies that have one."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.delivery.line_client import LineClient, LineError
from bot.knowledge.library import PolicyLibrary
from bot.settings import LineCredentials, load_line_credentials

_log = structlog.get_logger(__name__)


@dataclass
class Account:
    """One company's account; `bot_user_id` is known once LINE has told it."""

    company: str
    secret: bytes = field(repr=False)
    client: LineClient
    bot_user_id: str | None = None

    def signed(self, body: bytes, signature: str) -> bool:
        """Whether LINE signed these very bytes: base64 of HMAC-SHA256, compared in constant time."""
        expected = base64.b64encode(hmac.digest(self.secret, body, hashlib.sha256))
        return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))

    async def learn_bot_user_id(self) -> None:
        """Ask LINE who we are, unless we know; while LINE is silent the signature alone tells the company."""
        if self.bot_user_id is not None:
            return
        try:
            self.bot_user_id = (await self.client.account()).user_id
        except LineError as error:
            _log.warning("line.account_unknown", company=self.company, error=str(error))


def open_accounts(
    companies: PolicyLibrary,
    host: str,
    credentials: Callable[[str], LineCredentials | None] = load_line_credentials,
) -> dict[str, Account]:
    """Open the accounts of companies whose channels name LINE and whose credentials are set."""
    accounts: dict[str, Account] = {}
    for company in companies.ids():
        found = credentials(company) if "line" in companies.get(company).channels else None
        if found is not None:
            client = LineClient(host, found.channel_access_token)
            accounts[company] = Account(company, found.channel_secret.encode(), client)
    return accounts
