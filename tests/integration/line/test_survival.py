"""A thousand webhooks, a fifth of them twice and all out of order, into a desk that is killed again and again."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.services.clock import SystemClock
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.browser.desk_process import DeskProcess, free_port
from tests.integration.line.desk_server import TOKEN_LIFE
from tests.line_server import Json, LineServer, unruly
from tests.waiting import until

pytestmark = pytest.mark.real

MESSAGES = 1000
KILLS = 4
SECRET = "k" * 40


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[tuple[DeskProcess, LineServer]]:
    async with LineServer(token_life_s=TOKEN_LIFE.total_seconds() + 5) as line:
        bot = line.add("okura")
        settings = {
            "LINE_API_BASE": line.url,
            "LINE_OKURA_CHANNEL_SECRET": bot.secret,
            "LINE_OKURA_CHANNEL_ACCESS_TOKEN": bot.token,
            "SECRET_KEY": SECRET,
        }
        process = DeskProcess(free_port(), tmp_path, module="tests.integration.line.desk_server", settings=settings)
        await asyncio.to_thread(process.start)
        yield process, line
        process.kill()


async def test_each_of_a_thousand_webhooks_is_answered_exactly_once(desk: tuple[DeskProcess, LineServer]) -> None:
    process, line = desk
    chance = random.Random(20260602)
    people = [f"U{number:032d}" for number in range(MESSAGES // 5)]
    events = [line.text("okura", person, f"{person[-3:]}の{number}") for person in people for number in range(5)]
    waiting = unruly(events, chance, repeated=0.2, batch=1)
    kills = sorted(chance.sample(range(50, MESSAGES), KILLS))
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
            await until(lambda number=number: delivered >= number, within_s=120)
            process.kill()
            await asyncio.to_thread(process.start)

    async with httpx.AsyncClient(base_url=process.url, trust_env=False) as http:
        await asyncio.gather(kill(), *(deliver(http) for _ in range(8)))
    await until(lambda: len(line.shown) >= MESSAGES, within_s=60)
    await until(lambda: _nothing_waits(process), within_s=30)
    answers = Counter(message["text"] for shown in line.shown for message in shown.messages)
    assert answers == Counter(f"「{event['message']['text']}」ですね。" for event in events)
    assert line.violations == []


def _again(event: Json) -> Json:
    return {**event, "deliveryContext": {"isRedelivery": True}}


def _nothing_waits(process: DeskProcess) -> bool:
    """Whether the desk itself believes that all is done."""
    clock = SystemClock()
    store = SqlStore(f"sqlite:///{process.folder / 'madoguchi.db'}", Vault(SECRET), clock)
    with store.transaction(read_only=True) as tx:
        done = not (tx.conversations.unanswered(clock.now(), clock.now()) or tx.outbox.find("waiting"))
        done = done and not tx.postings.behind(clock.now())
    store.close()
    return done
