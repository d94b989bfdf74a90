"""Two of each process with PostgreSQL and Redis: fifty conversations at once, and a web process killed in between."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from typing import Any

import httpx
import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from tests.left_out import REDIS
from tests.ports import free_ports
from tests.real_desk import RealDesk, start_desk, stop_desk, wait_until_ready

pytestmark = [pytest.mark.real, pytest.mark.postgres, pytest.mark.needs("redis")]

CONVERSATIONS = 50
QUESTIONS = ("リコールのときはどうなる？", "窓口の時間は", "どんな情報を集めていますか", "第三者に渡すのはどんなとき？")
PATIENCE_S = 90
"""The machine may have other things to do; a desk that is left alone needs a tenth of it."""
SOON_S = 12
"""Far less than the half minute after which a stream looks by itself, and far more than a message takes."""
NOTICED_S = 25
"""Less than that half minute, too."""


@pytest.fixture(scope="module")
def redis() -> Iterator[tuple[str, psutil.Process]]:
    """A Redis of our own: its address and its process."""
    (port,) = free_ports(1)
    folder = tempfile.mkdtemp(prefix="madoguchi-redis-")
    command = [str(REDIS.path()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0", psutil.Process(server.pid)
    server.send_signal(signal.SIGCONT)
    server.terminate()
    server.wait(10)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def database(postgres_server: str) -> Iterator[Engine]:
    """An empty database, which the desk's start brings to the newest schema."""
    _administer(postgres_server, "CREATE DATABASE scale")
    engine = create_engine(postgres_server.replace("/postgres?", "/scale?"), future=True)
    yield engine
    engine.dispose()
    _administer(postgres_server, "DROP DATABASE scale WITH (FORCE)")


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="module")
def desk(
    database: Engine, redis: tuple[str, psutil.Process], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealDesk]:
    engines, actions = _pair_of_ports(), _pair_of_ports()
    desk = start_desk(
        tmp_path_factory.mktemp("scaled-desk"),
        DATABASE_URL=database.url.render_as_string(hide_password=False),
        REDIS_URL=redis[0],
        ENGINE_PORT=str(engines),
        ACTION_PORT=str(actions),
        WEB_PROCESSES="2",
        ENGINE_PROCESSES="2",
        ACTION_PROCESSES="2",
        MESSAGES_MINUTE="600",
        CONVERSATIONS_HOUR="6000",
    )
    try:
        wait_until_ready(desk)
        yield desk
    finally:
        stop_desk(desk)


def _pair_of_ports() -> int:
    """A free port after which the next one is free, too."""
    while True:
        (first,) = free_ports(1)
        with suppress(OSError, OverflowError), ExitStack() as stack:
            for port in (first, first + 1):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


def _processes(desk: RealDesk, module: str) -> list[psutil.Process]:
    children = psutil.Process(desk.process.pid).children(recursive=True)
    alive = [child for child in children if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in alive if module in child.cmdline()]


class Customer:
    """Speaks to the desk as the widget does: each request may reach another process, and what fails is sent again."""

    def __init__(self, desk: RealDesk) -> None:
        self._desk = desk
        self._headers: dict[str, str] = {}
        self._seen = 0
        self.id = ""

    async def begin(self) -> None:
        begun = await self._insist("POST", "conversations", {"company": "okura"})
        self.id = begun["conversation"]
        self._headers = {"Authorization": f"Bearer {begun['token']}"}

    async def say(self, words: str) -> None:
        await self._insist("POST", "messages", {"id": uuid.uuid4().hex, "text": words})

    async def answers(self) -> list[str]:
        """All that the bot has said."""
        said = await self._insist("GET", "messages")
        return [message["text"] for message in said["messages"] if message["author"] == "bot"]

    async def _insist(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE_S
        while True:
            # A new connection each time: only so the kernel deals the requests out anew.
            async with httpx.AsyncClient(base_url=self._desk.web_url, timeout=10, trust_env=False) as client:
                with suppress(httpx.TransportError):
                    answer = await client.request(method, f"/chat/{path}", json=body, headers=self._headers)
                    if answer.status_code < 500:
                        return dict(answer.raise_for_status().json())
            assert time.monotonic() < until, "the desk takes nothing in"
            await asyncio.sleep(0.2)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[str]]:
        """The authors of the messages that the stream brings and that weren't seen yet."""
        seen = {**self._headers, "Last-Event-ID": str(self._seen)}
        async with (
            httpx.AsyncClient(base_url=self._desk.web_url, timeout=PATIENCE_S, trust_env=False) as client,
            client.stream("GET", "/chat/events", headers=seen) as answer,
        ):
            lines = answer.aiter_lines()
            async for line in lines:
                if line.startswith("event: state"):
                    break
            yield (self._author(json.loads(line[6:])) async for line in lines if '"author"' in line)

    def _author(self, message: dict[str, Any]) -> str:
        self._seen = message["seq"]
        return str(message["author"])

    async def be_answered(self) -> float:
        """Ask something and wait until the stream shows the answer; give the seconds it took."""
        async with self.listening() as authors:
            began = time.monotonic()
            await self.say(QUESTIONS[0])
            async for author in authors:
                if author == "bot":
                    return time.monotonic() - began
        raise AssertionError("the stream ended")


def _unanswered(database: Engine) -> int:
    with database.connect() as connection:
        waiting = "SELECT count(*) FROM messages WHERE author = 'customer' AND answered_at IS NULL"
        return int(connection.execute(text(waiting)).scalar_one())


async def _all_answered(database: Engine) -> None:
    until = time.monotonic() + PATIENCE_S
    while _unanswered(database):
        assert time.monotonic() < until, f"{_unanswered(database)} messages are still unanswered"
        await asyncio.sleep(0.2)


async def test_fifty_conversations_are_answered_once_and_in_order_though_a_web_process_dies(
    desk: RealDesk, database: Engine
) -> None:
    customers = [Customer(desk) for _ in range(CONVERSATIONS)]
    await asyncio.gather(*(customer.begin() for customer in customers))
    victim, other = _processes(desk, "bot.web")

    async def ask_everything(customer: Customer) -> None:
        for question in QUESTIONS:
            await customer.say(question)

    async def kill() -> None:
        while not _answered(database):
            await asyncio.sleep(0.05)
        victim.kill()

    await asyncio.gather(kill(), *map(ask_everything, customers))
    await _all_answered(database)

    assert other.is_running()
    for customer in customers:
        asked, answers = _transcript(database, customer.id)
        assert len(asked) == len(QUESTIONS)
        # In order, and all that answers a message was stored in one moment: nobody answered it a second time.
        assert [message for message, _ in answers] == asked


def _answered(database: Engine) -> int:
    with database.connect() as connection:
        query = "SELECT count(*) FROM messages WHERE author = 'customer' AND answered_at IS NOT NULL"
        return int(connection.execute(text(query)).scalar_one())


def _transcript(database: Engine, conversation: str) -> tuple[list[str], list[tuple[str, object]]]:
    """What was asked, and what each turn of the bot answers, both in their order."""
    query = "SELECT id, author, reply_to, created_at FROM messages WHERE conversation = :id ORDER BY seq"
    with database.connect() as connection:
        rows = connection.execute(text(query), {"id": conversation}).all()
    asked = [row.id for row in rows if row.author == "customer"]
    turns = dict.fromkeys((row.reply_to, row.created_at) for row in rows if row.author == "bot")
    return asked, list(turns)


async def test_streams_show_what_another_process_stored_with_redis_and_without(
    desk: RealDesk, redis: tuple[str, psutil.Process]
) -> None:
    # Eight, so that some speak to the one process and listen to the other.
    customers = [Customer(desk) for _ in range(8)]
    await asyncio.gather(*(customer.begin() for customer in customers))
    assert max([await customer.be_answered() for customer in customers]) < SOON_S
    redis[1].suspend()
    try:
        # Redis stands still: it takes a moment until that is noticed, and then the database is asked instead.
        assert max(await asyncio.gather(*(customer.be_answered() for customer in customers))) < NOTICED_S
        assert max(await asyncio.gather(*(customer.be_answered() for customer in customers))) < SOON_S
    finally:
        redis[1].resume()


async def test_an_engine_and_an_action_server_that_die_cost_nobody_the_answer(desk: RealDesk, database: Engine) -> None:
    customers = [Customer(desk) for _ in range(10)]
    await asyncio.gather(*(customer.begin() for customer in customers))
    for module in ("bot.engine", "actions"):
        _processes(desk, module)[0].kill()
    await asyncio.gather(*(customer.say(QUESTIONS[0]) for customer in customers))
    await _all_answered(database)
    for customer in customers:
        [answer] = await customer.answers()
        assert "個人情報保護方針" in answer


async def test_any_web_process_tells_the_figures_of_all(desk: RealDesk, database: Engine) -> None:
    await _all_answered(database)
    told = [httpx.get(f"{desk.web_url}/metrics", trust_env=False).text for _ in range(8)]
    answered = [
        [line for line in one.splitlines() if line.startswith("madoguchi_engine_seconds_count")] for one in told
    ]
    assert answered[0] != []
    assert answered == [answered[0]] * 8
