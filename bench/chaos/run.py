"""One run: a desk, its customers, a plan of faults, and the balance at the end."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.chaos.databases import attacked_database
from bench.chaos.disk import disk
from bench.chaos.faults import Scene, plan
from bench.traffic.counting import Balance, count, nothing_waits
from bench.traffic.crowd import Crowd
from bench.traffic.stage import stage
from bench.traffic.visitor import browser
from tests.waiting import until

ENGINE_TIMEOUT_S = 5
HOLD_S = 7.0
"""Longer than the desk waits for its database (5 s) and here for its engine."""
SETTLE_S = 200.0
"""Three failed tries of a message in the outbox take 5 + 20 + 80 s, a forgotten one is found after 70 s."""
LONGEST_PAUSE_S = 2.0


@dataclass(frozen=True)
class Options:
    """How much is to happen; the same seed gives the same plan."""

    seed: int
    kills: int
    rounds: int = 1
    at_once: int = 6
    registered: int = 1000
    database: str = "sqlite"
    parts: tuple[str, ...] = ("web", "worker", "actions", "engine")


async def run(options: Options, folder: Path, say: Callable[[str], None]) -> Balance:
    """Let everything happen, and count."""
    chance = random.Random(options.seed)
    async with _scene(options, folder, chance) as scene, browser(scene.desk.web_url) as http:
        with scene.desk.store() as store:
            crowd = Crowd(http, scene.line, scene.mail, chance, range(options.registered))
            over = asyncio.Event()
            coming = asyncio.create_task(crowd.come(options.at_once, over))
            try:
                await _strike(scene, options, chance, say)
            finally:
                over.set()
            await coming
            await until(lambda: nothing_waits(store), SETTLE_S)
            balance = count(store, crowd.book, scene.line, scene.mail)
        if broken := scene.database.check():
            balance.wrongs.append(f"the database file is damaged: {broken}")
        return balance


async def _strike(scene: Scene, options: Options, chance: random.Random, say: Callable[[str], None]) -> None:
    faults = scene.faults()
    others = [name for name in faults if not name.endswith(" killed")]
    for name in plan(chance, options.kills, others, options.parts, options.rounds):
        await asyncio.sleep(chance.uniform(0, LONGEST_PAUSE_S))
        began = time.monotonic()
        await faults[name]()
        held = time.monotonic() - began
        say(f"{name} ({held:.1f} s), back after {await scene.come_back():.1f} s")


@asynccontextmanager
async def _scene(options: Options, folder: Path, chance: random.Random) -> AsyncIterator[Scene]:
    with disk(folder) as small, attacked_database(options.database, folder) as database:
        settings = {"ENGINE_TIMEOUT_S": str(ENGINE_TIMEOUT_S), **database.settings}
        async with stage(folder, settings, options.registered) as on:
            yield Scene(on.desk, database, small, on.line, on.mail, chance, HOLD_S)
