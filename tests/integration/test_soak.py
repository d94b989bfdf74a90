"""Half a minute at half load; `make soak` does the same for an hour."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.soak.run import Options, judge, soak

pytestmark = pytest.mark.real

SECONDS = 30.0
RUSH_S = 8.0


async def test_nothing_grows_and_nothing_is_left_open(tmp_path: Path) -> None:
    told: list[str] = []
    soaked = await soak(Options(SECONDS, RUSH_S), tmp_path / "var", told.append)
    assert judge(soaked) == [], told
    assert len(soaked.answered) > SECONDS, "too few customers came to tell"
    assert set(soaked.seen) == {"engine", "actions", "web", "worker"}
    # While they came there were streams to be left open.
    assert soaked.before.streams == soaked.after.streams == 0
