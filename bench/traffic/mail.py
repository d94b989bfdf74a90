"""A mail server on loopback that keeps every message, and has its bad days."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from email import message_from_bytes
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP

CODE = re.compile(r"^\s*(\d{8})\s*$", re.MULTILINE)
HANGS_S = 30.0
MOODS = ("", "busy", "hangs", "forgets")
"""Well; answers 451; says nothing for half a minute; takes a message and drops the connection before it says so."""


class MailServer:
    """Counts by Message-ID, which is all that a receiver can tell a repeat by."""

    def __init__(self) -> None:
        self.mood = ""
        self.taken: Counter[str] = Counter()
        self._codes: dict[str, list[str]] = defaultdict(list)
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> MailServer:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, enable_SMTPUTF8=True), "127.0.0.1", 0)
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._server is not None:
            self._server.close()

    @property
    def url(self) -> str:
        """The address, as SMTP_URL wants it."""
        assert self._server is not None
        return f"smtp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a message, or not."""
        mood = self.mood
        if mood == "hangs":
            await asyncio.sleep(HANGS_S)
        if mood in ("busy", "hangs"):
            return "451 try again later"
        self._keep(envelope)
        if mood == "forgets":
            server.transport.abort()
        return "250 taken"

    async def code(self, address: str, after: int = 0) -> str | None:
        """The newest code sent to an address, unless no more than `after` came yet."""
        codes = self._codes[address]
        return codes[-1] if len(codes) > after else None

    def _keep(self, envelope: Any) -> None:
        mail = message_from_bytes(envelope.content, policy=default)
        self.taken[str(mail["Message-ID"])] += 1
        body = mail.get_body(("plain",))
        found = CODE.search(body.get_content()) if body else None
        if found and self.taken[str(mail["Message-ID"])] == 1:
            self._codes[envelope.rcpt_tos[0]].append(found[1])
