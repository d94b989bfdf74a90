"""Processes are killed, the disk fills, the database locks, mail and LINE fail, while customers talk; then we count.

`make chaos` does the same at length, with PostgreSQL too.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.chaos.run import Options, run

pytestmark = pytest.mark.real

KILLS = 5
"""Each of the four parts, and one of them again."""
SEED = 2026
FEWEST = 100
"""Customers' messages, else nothing was tried."""


async def test_nothing_is_lost_or_doubled_whatever_fails(tmp_path: Path) -> None:
    told: list[str] = []
    balance = await run(Options(SEED, KILLS), tmp_path / "var", told.append)
    assert not balance.wrongs, "\n".join([*told, str(balance)])
    assert balance.counts["accepted"] == balance.counts["recorded"] == balance.counts["answered"] > FEWEST, told
    assert balance.counts["requests"] > 0
    assert balance.counts["mails"] > 0
    assert balance.counts["answers in LINE"] > 0
