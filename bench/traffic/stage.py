"""A desk with all that stands around it on loopback: LINE, a mail server, customers in the register."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.register import COMPANY, grow
from bench.traffic.mail import MailServer
from bench.whole_desk import WholeDesk
from tests.line_server import LineServer

_MANY_CODES = {"CODE_SENDS_DAY": "1000", "CODE_ATTEMPTS_DAY": "1000", "CODE_ATTEMPTS_COMPANY_DAY": "1000000"}
"""Who is thrown back again and again needs more codes in an hour than anybody else in a day."""


@dataclass(frozen=True)
class Stage:
    """What customers meet."""

    desk: WholeDesk
    line: LineServer
    mail: MailServer


@asynccontextmanager
async def stage(folder: Path, settings: Mapping[str, str], registered: int) -> AsyncIterator[Stage]:
    """Run a desk that is ready, with so many customers in its register, and stop it."""
    async with MailServer() as mail, LineServer() as line:
        bot = line.add(COMPANY)
        around = {
            "SMTP_URL": mail.url,
            **_MANY_CODES,
            "LINE_API_BASE": line.url,
            "LINE_OKURA_CHANNEL_SECRET": bot.secret,
            "LINE_OKURA_CHANNEL_ACCESS_TOKEN": bot.token,
        }
        desk = WholeDesk(folder, {**around, **settings})
        desk.start()
        try:
            await asyncio.to_thread(desk.wait_until_ready)
            with desk.store() as store:
                await asyncio.to_thread(grow, store, folder, range(registered))
            yield Stage(desk, line, mail)
        finally:
            await asyncio.to_thread(desk.stop)
