"""Tells staff that a customer is writing: a wake-up and nothing else, stored nowhere."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.services.notifier import TYPING, Notifier

PAUSE_S = 2.5
"""Between two signs of one conversation; the widget sends one in three seconds."""
_REMEMBERED = 10_000


class TypingSigns:
    """Passes on what a browser says, no oftener than is shown."""

    def __init__(self, notifier: Notifier, now: Callable[[], float] = time.monotonic) -> None:
        self._notifier = notifier
        self._now = now
        self._last: dict[str, float] = {}

    def note(self, conversation: str) -> None:
        """Wake whoever shows the conversation to staff."""
        now = self._now()
        if now - self._last.get(conversation, float("-inf")) < PAUSE_S:
            return
        if len(self._last) >= _REMEMBERED:
            self._last = {one: at for one, at in self._last.items() if now - at < PAUSE_S}
        self._last[conversation] = now
        self._notifier.publish(f"{TYPING}{conversation}")
