"""One soak: a rush that fills the pools, quiet, customers at half of the rush's rate, quiet again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.soak.judging import MOST_TASKS_MORE, judge_latency, judge_leftovers, judge_memory, judge_work, slowed
from bench.soak.watching import Held, Watch, gauge, weigh_all
from bench.streams import begin, listen
from bench.traffic.counting import Balance, count, nothing_waits
from bench.traffic.crowd import Book, Crowd, Pace
from bench.traffic.stage import Stage, stage
from bench.traffic.visitor import Exchange, browser
from tests.waiting import until

AT_ONCE = 16
SAMPLES = 60
QUIET_S = 7.0
"""Longer than a connection is kept for reuse (5 s)."""
SETTLE_S = 60.0
GAUGES = ("madoguchi_web_streams", "madoguchi_web_tasks")
LIVE_TRACKERS = 2000
"""As bot/engine/tracker_store.py has it, whose import would load Rasa."""


@dataclass(frozen=True)
class Options:
    """How long each part takes, in seconds, and how many more chats stand open without a word."""

    seconds: float
    rush_s: float = 10.0
    streams: int = 0
    registered: int = 2000
    seed: int = 8


@dataclass(frozen=True)
class Quiet:
    """A moment in which nobody wants anything."""

    held: dict[str, Held]
    streams: int
    tasks: int


@dataclass(frozen=True)
class Soaked:
    """What was seen."""

    customers_a_second: float
    answered: list[Exchange]
    seen: dict[str, list[Held]]
    before: Quiet
    after: Quiet
    kept_trackers: int
    balance: Balance
    machine_slowed: float


async def soak(options: Options, folder: Path, say: Callable[[str], None]) -> Soaked:
    """Let customers come at half load, and look at the desk meanwhile."""
    async with stage(folder, {}, options.registered) as on, browser(on.desk.web_url) as http:
        crowd = Crowd(http, on.line, on.mail, random.Random(options.seed), range(options.registered))
        async with _open_streams(on, http, options.streams):
            full = await _rush(crowd, options.rush_s)
            say(f"{full:.1f} customers a second at full load; half of that for {options.seconds:.0f} s")
            before, early = await _quiet(on), crowd.book
            crowd.book = Book()
            watch = Watch(on.desk, options.seconds / SAMPLES)
            await _come(crowd, Pace(full / 2), options.seconds, watch)
            after = await _quiet(on)
        book = crowd.book
        balance = await _balance(on, _both(early, book))
    kept = min(LIVE_TRACKERS, _customers(early) + _customers(book)) - min(LIVE_TRACKERS, _customers(early))
    return Soaked(full / 2, book.answered(), watch.seen, before, after, kept, balance, slowed(watch.yardsticks))


def judge(soaked: Soaked) -> list[str]:
    """Name what grew, was lost or was left open."""
    wrongs = [
        *soaked.balance.wrongs,
        *judge_memory(soaked.seen, soaked.kept_trackers),
        *judge_leftovers(soaked.before.held, soaked.after.held),
    ]
    if soaked.after.streams > soaked.before.streams:
        wrongs.append(f"{soaked.after.streams - soaked.before.streams} streams are open whose customers have gone")
    if soaked.after.tasks > soaked.before.tasks + MOST_TASKS_MORE:
        wrongs.append(f"the web front has {soaked.after.tasks} tasks, and had {soaked.before.tasks} before")
    return wrongs


def judge_pace(soaked: Soaked) -> list[str]:
    """Name what got slower; only an hour tells that, for in half a minute another's work on the machine looks alike."""
    sent = [exchange.sent for exchange in soaked.answered]
    waits = [exchange.waited_s for exchange in soaked.answered]
    return [*judge_latency(sent, waits, soaked.machine_slowed), *judge_work(*work_ms(soaked))]


def work_ms(soaked: Soaked) -> tuple[float, float]:
    """Processor time of all parts for a message, in the first third and in the last."""
    some = next(iter(soaked.seen.values()))
    third = len(some) // 3
    return _work_ms(soaked, 0, third), _work_ms(soaked, -third - 1, -1)


def _work_ms(soaked: Soaked, first: int, last: int) -> float:
    parts = soaked.seen.values()
    used = sum(samples[last].cpu_s - samples[first].cpu_s for samples in parts)
    began, ended = (next(iter(parts))[index].at for index in (first, last))
    messages = sum(1 for exchange in soaked.answered if began <= (exchange.answered or 0) < ended)
    return used * 1000 / max(1, messages)


async def _rush(crowd: Crowd, seconds: float) -> float:
    """Let customers come as fast as they are served; give how many a second did."""
    began = time.monotonic()
    await _come(crowd, Pace(), seconds)
    return _customers(crowd.book) / (time.monotonic() - began)


async def _come(crowd: Crowd, pace: Pace, seconds: float, watch: Watch | None = None) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, over.set)
    await asyncio.gather(crowd.come(AT_ONCE, over, pace), *([watch.until(over)] if watch else []))


async def _quiet(on: Stage) -> Quiet:
    """Wait until nothing is under way."""
    await asyncio.sleep(QUIET_S)
    streams, tasks = [await asyncio.to_thread(gauge, on.desk, name) for name in GAUGES]
    return Quiet(await asyncio.to_thread(weigh_all, on.desk), streams, tasks)


async def _balance(on: Stage, book: Book) -> Balance:
    with on.desk.store() as store:
        await until(lambda: nothing_waits(store), SETTLE_S)
        return count(store, book, on.line, on.mail)


def _customers(book: Book) -> int:
    return len(book.visitors) + len(book.people)


def _both(first: Book, then: Book) -> Book:
    """Everybody who came, for the count at the end."""
    return Book(
        visitors=first.visitors + then.visitors,
        people=first.people + then.people,
        receipts=first.receipts | then.receipts,
        stopped=first.stopped | then.stopped,
        called_staff=first.called_staff + then.called_staff,
        complaints=first.complaints + then.complaints,
    )


@asynccontextmanager
async def _open_streams(on: Stage, http: httpx.AsyncClient, streams: int) -> AsyncIterator[None]:
    """Keep so many chats open without a word."""
    port = int(on.desk.environ["WEB_PORT"])
    opened = [await listen(port, await begin(http)) for _ in range(streams)]
    try:
        yield
    finally:
        for _, writer in opened:
            writer.close()
