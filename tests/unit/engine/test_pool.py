from __future__ import annotations

import asyncio
from typing import Any

import pytest
from prometheus_client import REGISTRY

from bot.engine.client import EngineGone, EngineSilent
from bot.engine.pool import AT_ONCE, GONE_REST_S, SILENT_REST_S, EnginePool
from bot.errors import Busy, Unavailable
from bot.services.ports import EngineReply
from tests.waiting import until

SAID = [EngineReply("どうぞ")]


class FakeEngine:
    """Answers, fails, or waits until a test lets it go on."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.failure: Exception | None = None
        self.hold: asyncio.Event | None = None

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        self.heard.append(conversation)
        if self.hold is not None:
            await self.hold.wait()
        if self.failure is not None:
            raise self.failure
        return SAID


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def engines() -> list[FakeEngine]:
    return [FakeEngine(), FakeEngine()]


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def pool(engines: list[FakeEngine], watch: Stopwatch) -> EnginePool:
    return EnginePool(engines, queue=3, now=watch)


async def ask(pool: EnginePool, conversation: str = "c1") -> list[EngineReply]:
    return await asyncio.wait_for(pool.respond(conversation, "やあ", {"message_id": "m1"}), 10)


def heard(engines: list[FakeEngine]) -> list[int]:
    return [len(engine.heard) for engine in engines]


async def test_a_conversation_stays_with_its_engine_and_many_spread(
    pool: EnginePool, engines: list[FakeEngine]
) -> None:
    for _ in range(3):
        for number in range(100):
            assert await ask(pool, f"c{number}") == SAID
    assert not set(engines[0].heard) & set(engines[1].heard)
    assert min(heard(engines)) > 90


async def test_every_process_sends_a_conversation_to_the_same_engine(engines: list[FakeEngine]) -> None:
    for _ in range(5):
        await ask(EnginePool(engines, queue=0))
    assert sorted(heard(engines)) == [0, 5]


async def test_the_calm_engine_helps_the_busy_one(pool: EnginePool, engines: list[FakeEngine]) -> None:
    for engine in engines:
        engine.hold = asyncio.Event()
    asked = [asyncio.create_task(ask(pool)) for _ in range(8)]
    await until(lambda: sum(heard(engines)) == 8)
    assert min(heard(engines)) >= 2
    for engine in engines:
        assert engine.hold
        engine.hold.set()
    assert await asyncio.gather(*asked) == [SAID] * 8


async def test_an_engine_that_is_gone_leaves_its_messages_to_another_one(
    pool: EnginePool, engines: list[FakeEngine], watch: Stopwatch
) -> None:
    await ask(pool)
    usual, other = sorted(engines, key=lambda engine: -len(engine.heard))
    usual.failure = EngineGone("it broke")
    assert await ask(pool) == SAID
    assert (len(usual.heard), len(other.heard)) == (2, 1)
    # It isn't tried again for a while, and then it is.
    await ask(pool)
    assert len(usual.heard) == 2
    watch.seconds += GONE_REST_S
    usual.failure = None
    await ask(pool)
    assert (len(usual.heard), len(other.heard)) == (3, 2)


async def test_an_engine_that_is_silent_costs_one_message_the_time_out(
    pool: EnginePool, engines: list[FakeEngine], watch: Stopwatch
) -> None:
    await ask(pool)
    usual, other = sorted(engines, key=lambda engine: -len(engine.heard))
    usual.failure = EngineSilent("it says nothing")
    with pytest.raises(Unavailable):
        await ask(pool)
    assert other.heard == []
    assert await ask(pool) == SAID
    watch.seconds += SILENT_REST_S - 1
    assert await ask(pool) == SAID
    assert len(usual.heard) == 2


async def test_with_all_engines_gone_it_says_so(pool: EnginePool, engines: list[FakeEngine]) -> None:
    for engine in engines:
        engine.failure = EngineGone("it broke")
    for _ in range(2):
        with pytest.raises(Unavailable, match="it broke"):
            await ask(pool)
    assert heard(engines) == [2, 2]


async def test_an_answer_that_is_none_is_no_reason_to_ask_another_one(
    pool: EnginePool, engines: list[FakeEngine]
) -> None:
    for engine in engines:
        engine.failure = Unavailable("503")
    with pytest.raises(Unavailable):
        await ask(pool)
    assert sum(heard(engines)) == 1


async def test_the_queue_has_an_end_and_tells_how_long_it_is(pool: EnginePool, engines: list[FakeEngine]) -> None:
    for engine in engines:
        engine.hold = asyncio.Event()
    put_off = REGISTRY.get_sample_value("madoguchi_engine_queue_full_total") or 0
    asked = [asyncio.create_task(ask(pool, f"c{number}")) for number in range(2 * AT_ONCE + 3)]
    await until(lambda: REGISTRY.get_sample_value("madoguchi_engine_waiting") == 3)
    assert sum(heard(engines)) == 2 * AT_ONCE
    with pytest.raises(Busy):
        await ask(pool)
    assert REGISTRY.get_sample_value("madoguchi_engine_queue_full_total") == put_off + 1
    for engine in engines:
        assert engine.hold
        engine.hold.set()
    assert await asyncio.gather(*asked) == [SAID] * (2 * AT_ONCE + 3)
    assert REGISTRY.get_sample_value("madoguchi_engine_waiting") == 0
    assert await ask(pool) == SAID


async def test_who_leaves_the_queue_leaves_no_gap(pool: EnginePool, engines: list[FakeEngine]) -> None:
    for engine in engines:
        engine.hold = asyncio.Event()
    asked = [asyncio.create_task(ask(pool, f"c{number}")) for number in range(2 * AT_ONCE + 1)]
    await until(lambda: REGISTRY.get_sample_value("madoguchi_engine_waiting") == 1)
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    for engine in engines:
        engine.hold = None
    assert await asyncio.gather(*(ask(pool, f"c{number}") for number in range(2 * AT_ONCE))) == [SAID] * 2 * AT_ONCE
    assert pool._waiting == 0
