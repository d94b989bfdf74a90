"""Webhooks of LINE, a fifth of them twice and all out of order, into a desk that is killed again and again."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bot.services.clock import SystemClock
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.browser.desk_process import SECRET_KEY, DeskProcess
from tests.integration.line.desk_server import TOKEN_LIFE
from tests.line_server import Json, LineServer, unruly
from tests.ports import free_port
from tests.waiting import until, until_there_are

A_PERSON = 5
"""Messages, in the order of their numbers."""
AT_ONCE = 8


async def send_webhooks(folder: Path, seed: int, messages: int, kills: int) -> list[str]:
    """Send so many messages and kill the desk so often meanwhile; name each that wasn't answered just once."""
    chance = random.Random(seed)
    async with _desk(folder) as (process, line):
        people = [f"U{number:032d}" for number in range(messages // A_PERSON)]
        events = [
            line.text("okura", person, f"{person[-3:]}の{number}") for person in people for number in range(A_PERSON)
        ]
        await _deliver(process, line, unruly(events, chance, repeated=0.2, batch=1), _moments(chance, messages, kills))
        await until_there_are(messages, lambda: len(line.shown))
        await until(lambda: _nothing_waits(process), within_s=60)
    return [*_unlike(line, events), *line.violations]


@asynccontextmanager
async def _desk(folder: Path) -> AsyncIterator[tuple[DeskProcess, LineServer]]:
    async with LineServer(token_life_s=TOKEN_LIFE.total_seconds() + 5) as line:
        bot = line.add("okura")
        settings = {
            "LINE_API_BASE": line.url,
            "LINE_OKURA_CHANNEL_SECRET": bot.secret,
            "LINE_OKURA_CHANNEL_ACCESS_TOKEN": bot.token,
        }
        process = DeskProcess(free_port(), folder, module="tests.integration.line.desk_server", settings=settings)
        await asyncio.to_thread(process.start)
        try:
            yield process, line
        finally:
            process.kill()


def _moments(chance: random.Random, messages: int, kills: int) -> list[int]:
    """How many webhooks are delivered before each kill."""
    return sorted(chance.sample(range(1, messages), kills))


async def _deliver(process: DeskProcess, line: LineServer, waiting: list[list[Json]], kills: Sequence[int]) -> None:
    """Deliver all, again where nobody answered, and kill the desk in between."""
    delivered = 0

    async def deliver(http: httpx.AsyncClient) -> None:
        nonlocal delivered
        while waiting:
            batch = waiting.pop()
            if await line.deliver(http, "okura", *batch) == 200:
                delivered += 1
            else:
                waiting.insert(0, [_again(event) for event in batch])
                await asyncio.sleep(0.1)

    async def kill() -> None:
        for number in kills:
            await until_there_are(number, lambda: delivered)
            process.kill()
            await asyncio.to_thread(process.start)

    async with httpx.AsyncClient(base_url=process.url, trust_env=False) as http:
        await asyncio.gather(kill(), *(deliver(http) for _ in range(AT_ONCE)))


def _again(event: Json) -> Json:
    return {**event, "deliveryContext": {"isRedelivery": True}}


def _nothing_waits(process: DeskProcess) -> bool:
    """Whether the desk itself believes that all is done."""
    clock = SystemClock()
    store = SqlStore(f"sqlite:///{process.folder / 'madoguchi.db'}", Vault(SECRET_KEY), clock)
    with store.transaction(read_only=True) as tx:
        done = not (tx.conversations.unanswered(clock.now(), clock.now()) or tx.outbox.find("waiting"))
        done = done and not tx.postings.behind(clock.now())
    store.close()
    return done


def _unlike(line: LineServer, events: Sequence[Json]) -> list[str]:
    """Compare what LINE showed with what was asked."""
    shown = Counter(message["text"] for one in line.shown for message in one.messages)
    due = Counter(f"「{event['message']['text']}」ですね。" for event in events)
    return [f"{text} was shown {shown[text]} times and due {due[text]} times" for text in (shown - due) + (due - shown)]
