"""Webhooks, a fifth of them twice and all out of order, into a desk that is killed again and again.

`make chaos` sends a thousand.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.chaos.webhooks import send_webhooks

pytestmark = pytest.mark.real

MESSAGES = 300
KILLS = 3
SEED = 20260602


async def test_each_of_hundreds_of_webhooks_is_answered_exactly_once(tmp_path: Path) -> None:
    assert await send_webhooks(tmp_path, SEED, MESSAGES, KILLS) == []
