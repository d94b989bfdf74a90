"""Wait for what another task, thread or process brings about; never for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

PATIENCE_S = 20.0
_LOOK_EVERY_S = 0.01


async def until(condition: Callable[[], object], within_s: float = PATIENCE_S) -> None:
    """Let others run until the condition holds."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"it did not come about within {within_s} s"
        await asyncio.sleep(_LOOK_EVERY_S)


def wait_until(condition: Callable[[], object], within_s: float = PATIENCE_S) -> None:
    """Wait where there is no event loop."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"it did not come about within {within_s} s"
        time.sleep(_LOOK_EVERY_S)
