"""A desk whose two companies have LINE accounts, at a LINE on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.line.channel import LineChannel
from bot.delivery import line_client
from bot.delivery.line import LinePusher
from bot.delivery.line_pictures import LinePictures
from bot.delivery.worker import deliver_due
from bot.services.converse import Desk
from bot.services.phrases import Phrasebook
from bot.services.pictures import PictureDesk
from bot.services.records import Message
from bot.settings import ROOT, LineCredentials, Settings
from bot.storage.store import SqlStore
from bot.worker import answer_leftovers
from tests.conftest import FixedClock
from tests.line_server import Json, LineServer
from tests.scripted_desk import ScriptedEngine, scripted_parts
from tests.waiting import until

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
HANAKO = "U" + "1" * 32
"""A user of LINE."""
SETTLES_WITHIN_S = 180.0
"""A hundred people at once take long on a machine that has other things to do."""


@dataclass
class LineDesk:
    """A desk, its LINE channel, and LINE."""

    line: LineServer
    channel: LineChannel
    desk: Desk
    engine: ScriptedEngine
    store: SqlStore
    clock: FixedClock
    settings: Settings
    http: httpx.AsyncClient

    async def receive(self, *events: Json, company: str = "okura", settled: bool = True) -> int:
        """Let LINE deliver events in one webhook, and everything that comes of them happen."""
        status = await self.line.deliver(self.http, company, *events)
        if settled:
            await self.settle()
        return status

    async def hear(self, text: str, person: str = HANAKO, company: str = "okura") -> None:
        """Let somebody write to a company."""
        assert await self.receive(self.line.text(company, person, text), company=company) == 200

    async def settle(self) -> None:
        """Wait until nothing is under way any more."""
        await until(lambda: not self.channel._answering._tasks, SETTLES_WITHIN_S)

    async def sweep(self) -> None:
        """Let the worker answer what is left over, and the channel send it, as they do every two seconds."""
        await answer_leftovers(self.store, self.desk, self.clock)
        await self.channel._answering.sweep()
        await self.settle()

    async def push(self) -> None:
        """Let the worker deliver what is due."""
        senders = {"line": LinePusher(self.line.url, _credentials(self.line))}
        await deliver_due(self.store, senders, self.clock, self.settings)

    def conversation(self, person: str = HANAKO, company: str = "okura") -> str:
        """The person's open conversation."""
        with self.store.transaction(read_only=True) as tx:
            found = tx.conversations.find_external("line", company, person)
        assert found is not None
        return found.id

    def transcript(self, person: str = HANAKO, company: str = "okura") -> list[Message]:
        """What stands in it."""
        return self.desk.transcript(self.conversation(person, company))

    def staff_say(self, text: str, person: str = HANAKO, **body: Any) -> None:
        """Let a member of staff answer, as the console stores it."""
        conversation = self.conversation(person)
        message = Message(f"staff-{text}", conversation, 0, "staff", text, self.clock.now(), body=body)
        with self.store.transaction() as tx:
            tx.conversations.add_message(message)


def _credentials(line: LineServer) -> Any:
    def read(company: str) -> LineCredentials | None:
        bot = line.bots.get(company)
        return LineCredentials(bot.secret, bot.token) if bot else None

    return read


@pytest.fixture
async def line(clock: FixedClock) -> AsyncIterator[LineServer]:
    """LINE, by the test's clock; no call may have broken its rules."""
    async with LineServer(now=lambda: clock.now().timestamp()) as server:
        server.add("okura")
        server.add("kagoshima")
        yield server
        assert server.violations == []


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
async def at(
    line: LineServer,
    engine: ScriptedEngine,
    sqlite_store: SqlStore,
    clock: FixedClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[LineDesk]:
    """The desk at LINE; sweeps are the tests' to make, and LINE is only as slow as this machine."""
    monkeypatch.setattr(line_client, "TIMEOUT_S", SETTLES_WITHIN_S)
    settings = Settings(secret_key="s" * 32, var_dir=tmp_path, line_api_base=line.url)
    pictures = PictureDesk(sqlite_store, LinePictures(line.url, _credentials(line)), clock, settings)
    parts = scripted_parts(settings, sqlite_store, clock, engine, pictures=pictures)
    channel = LineChannel(
        settings,
        parts.companies,
        sqlite_store,
        parts.desk,
        parts.keys,
        clock,
        PHRASES,
        _credentials(line),
        loading_after_s=0,
        sweep_every_s=3600,
    )
    transport = httpx.ASGITransport(Starlette(routes=channel.routes()))
    async with channel.running(), httpx.AsyncClient(transport=transport, base_url="http://desk") as http:
        await until(lambda: all(account.bot_user_id for account in channel._accounts.values()))
        yield LineDesk(line, channel, parts.desk, engine, sqlite_store, clock, settings, http)
