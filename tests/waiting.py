"""Wait for what another task, thread or process brings about; never for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

PATIENCE_S = 60.0
"""What comes about takes no longer than it takes; what doesn't may be told late on a busy machine."""
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


async def until_there_are(most: int, count: Callable[[], int], stalled_s: float = PATIENCE_S) -> None:
    """Let others run until something is as many; only a count that stands still for so long has failed."""
    seen, deadline = count(), time.monotonic() + stalled_s
    while (now := count()) < most:
        if now > seen:
            seen, deadline = now, time.monotonic() + stalled_s
        assert time.monotonic() < deadline, f"it came to {now} of {most} and stood still for {stalled_s} s"
        await asyncio.sleep(_LOOK_EVERY_S)
