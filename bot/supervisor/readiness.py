"""Ask the parts over HTTP whether they are up."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence

from tornado.httpclient import AsyncHTTPClient, HTTPError

from bot.errors import MadoguchiError
from bot.supervisor.parts import Part

POLL_S = 0.2
PATIENCE_S = 180
STARTS_BEFORE_GIVING_UP = 3
SETTLED_S = 2.0


class PartFailed(MadoguchiError):
    """A part doesn't come up; the text names it and its log."""


class Starts:
    """How often and when each part was started last, as the supervisor's hooks note it."""

    def __init__(self, last_words: Callable[[str], str]) -> None:
        self._counts: Counter[str] = Counter()
        self._last: dict[str, float] = {}
        self.last_words = last_words

    def note(self, name: str) -> None:
        """Note a start."""
        self._counts[name] += 1
        self._last[name] = time.monotonic()

    def check(self) -> None:
        """Raise PartFailed for a part that keeps ending before the desk is ready."""
        for name, count in self._counts.items():
            if count > STARTS_BEFORE_GIVING_UP:
                raise PartFailed(f"{name} ends right after its start, {count - 1} times now: {self.last_words(name)}")

    def settled(self, name: str) -> bool:
        """Tell whether a part that can't be asked has run long enough to be believed."""
        return name in self._last and time.monotonic() - self._last[name] > SETTLED_S


async def answers(address: str) -> bool:
    """Tell whether an address answers 200 within two seconds."""
    try:
        response = await AsyncHTTPClient().fetch(address, request_timeout=2, connect_timeout=2)
    except (OSError, HTTPError):
        return False
    return response.code == 200


async def wait_until_up(parts: Sequence[Part], ready: str, starts: Starts, on_up: Callable[[str], None]) -> None:
    """Wait until each part is up and then the desk as a whole; raise PartFailed if it doesn't come to that."""
    deadline = time.monotonic() + PATIENCE_S
    waiting = list(parts)
    while waiting:
        for part in [part for part in waiting if await _is_up(part, starts)]:
            waiting.remove(part)
            on_up(part.name)
        await _pause(deadline, starts, waiting[0].name if waiting else "")
    while not await answers(ready):
        await _pause(deadline, starts, "")


async def _is_up(part: Part, starts: Starts) -> bool:
    return starts.settled(part.name) if part.health is None else await answers(part.health)


async def _pause(deadline: float, starts: Starts, name: str) -> None:
    starts.check()
    if time.monotonic() > deadline:
        said = starts.last_words(name)
        raise PartFailed(f"{name or 'the desk as a whole'} isn't up after {PATIENCE_S} s: {said}")
    await asyncio.sleep(POLL_S)
