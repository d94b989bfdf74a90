"""Ask the parts over HTTP whether they are up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tornado.httpclient import AsyncHTTPClient, HTTPError

from bot.errors import MadoguchiError
from bot.supervisor.parts import Part

POLL_S = 0.2
PATIENCE_S = 180
STARTS_BEFORE_GIVING_UP = 3


class PartFailed(MadoguchiError):
    """A part doesn't come up; the text names it and its log."""


@dataclass
class Starts:
    """How often each part was started, as the supervisor's hooks count it."""

    counts: dict[str, int]
    log_of: Callable[[str], str]

    def check(self) -> None:
        """Raise PartFailed for a part that keeps ending before the desk is ready."""
        for name, count in self.counts.items():
            if count > STARTS_BEFORE_GIVING_UP:
                raise PartFailed(f"{name} ends right after its start, {count - 1} times now: {self.log_of(name)}")


async def answers(address: str) -> bool:
    """Tell whether an address answers 200 within two seconds."""
    try:
        response = await AsyncHTTPClient().fetch(address, request_timeout=2, connect_timeout=2)
    except (OSError, HTTPError):
        return False
    return response.code == 200


async def wait_until_up(parts: Sequence[Part], ready: str, starts: Starts, on_up: Callable[[str], None]) -> None:
    """Wait until each part answers and then the desk as a whole; raise PartFailed if it doesn't come to that."""
    waiting = {part.name: part.health for part in parts} | {"": ready}
    deadline = time.monotonic() + PATIENCE_S
    while waiting:
        starts.check()
        if time.monotonic() > deadline:
            names = ", ".join(name or "the desk as a whole" for name in waiting)
            raise PartFailed(
                f"not up after {PATIENCE_S} s: {names}; see the logs: {starts.log_of(next(iter(waiting)))}"
            )
        for name, address in list(waiting.items()):
            if (name or len(waiting) == 1) and (address is None or await answers(address)):
                del waiting[name]
                on_up(name)
        await asyncio.sleep(POLL_S)
