"""Messages that nobody would write: never a fault, always an answer. `make chaos` sends 10,000 of them."""

from __future__ import annotations

import pytest

from bench.chaos.texts import send_generated
from bench.traffic.visitor import browser
from tests.real_desk import RealDesk

pytestmark = pytest.mark.real

COUNT = 400
SEED = 2026
"""The same in every run; `make chaos` draws new ones."""


async def test_each_is_answered(real_desk: RealDesk) -> None:
    async with browser(real_desk.web_url) as http:
        assert await send_generated(http, SEED, COUNT) == []
    log = (real_desk.var_dir / "logs" / "web.log").read_text(errors="replace")
    assert "Traceback" not in log
