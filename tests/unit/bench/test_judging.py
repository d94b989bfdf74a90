"""What grows is found, what only trembles isn't."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bench.soak.judging import (
    judge_latency,
    judge_leftovers,
    judge_memory,
    judge_work,
    line_through,
    slowed,
)
from bench.soak.watching import Held

HELD = Held(at=0.0, rss_mb=100.0, cpu_s=0.0, files=20, threads=8, connections=2)
TIMES = [float(second) for second in range(60)]


def samples(growth_mb: float, noise_mb: float = 1.0) -> list[Held]:
    chance = random.Random(1)
    return [replace(HELD, at=time, rss_mb=100 + growth_mb * time / 59 + chance.gauss(0, noise_mb)) for time in TIMES]


def test_a_line_tells_growth_and_how_sure_that_is() -> None:
    line = line_through([0, 1, 2, 3], [1, 3, 5, 7])
    assert (line.growth, line.error) == pytest.approx((6, 0))
    chance = random.Random(2)
    noisy = line_through(TIMES, [chance.gauss(0, 5) for _ in TIMES])
    assert noisy.error > 1
    assert abs(noisy.growth) < 3 * noisy.error


@pytest.mark.parametrize(("growth_mb", "wrong"), [(0, False), (5, False), (20, True)])
def test_memory_may_tremble_but_not_grow(growth_mb: float, wrong: bool) -> None:
    assert bool(judge_memory({"web": samples(growth_mb)}, kept_trackers=0)) is wrong


def test_the_engine_may_keep_the_conversations_it_means_to_keep() -> None:
    assert judge_memory({"engine": samples(20)}, kept_trackers=500) == []
    assert judge_memory({"web": samples(20)}, kept_trackers=500)


@pytest.mark.parametrize("name", ["files", "threads", "connections"])
def test_what_is_left_open_is_named(name: str) -> None:
    after = replace(HELD, **{name: 40})
    more = 40 - getattr(HELD, name)
    assert judge_leftovers({"web": HELD}, {"web": after}) == [f"web holds {more} {name} more than before"]
    assert judge_leftovers({"web": HELD}, {"web": HELD}) == []


@pytest.mark.parametrize(("last_s", "wrong"), [(0.1, False), (0.15, False), (0.5, True)])
def test_answers_may_not_get_slower(last_s: float, wrong: bool) -> None:
    chance = random.Random(3)
    waits = [0.1 + (last_s - 0.1) * time / 59 + chance.uniform(0, 0.05) for time in TIMES]
    assert bool(judge_latency(TIMES, waits)) is wrong


def test_a_machine_that_others_slow_down_is_no_fault_of_the_desk() -> None:
    waits = [0.1 + 0.4 * time / 59 for time in TIMES]
    assert slowed([0.01] * 20 + [0.03] * 40) == pytest.approx(3)
    assert slowed([0.03] * 20 + [0.01] * 40) == 1
    assert judge_latency(TIMES, waits)
    assert judge_latency(TIMES, waits, machine_slowed=3) == []


def test_a_message_may_not_cost_more_and_more() -> None:
    assert judge_work(10, 12) == []
    assert judge_work(10, 15)
