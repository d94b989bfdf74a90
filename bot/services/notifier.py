"""Tells whoever shows a conversation that something was added to it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from types import TracebackType
from typing import Protocol

TYPING = "typing:"
"""Before a conversation's id: its customer is writing just now. Such a wake-up is worth nothing later."""


class Subscription(Protocol):
    """Wake-ups of one conversation, until the `with` block ends."""

    def __enter__(self) -> Subscription:
        """Begin to listen."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""

    async def wait(self, timeout_s: float) -> bool:
        """Return True once something was added since the last call, False after `timeout_s` without."""


class Notifier(Protocol):
    """Carries wake-ups, never content: who wakes up reads the store, so that a lost wake-up loses no message."""

    def publish(self, conversation: str) -> None:
        """Wake everybody who shows the conversation; any thread may call this."""

    def subscribe(self, conversation: str) -> Subscription:
        """Listen from now on."""

    @property
    def hears_others(self) -> bool:
        """Whether what other processes publish arrives here just now."""

    def listened_to(self) -> bool:
        """Whether anybody listens in this process."""

    def catch_up(self, conversation: str, changed_at: datetime) -> None:
        """Wake those in this process who haven't caught up with that change."""


class LocalNotifier:
    """The notifier of one process."""

    hears_others = False

    def __init__(self) -> None:
        self._listening: dict[str, set[_LocalSubscription]] = {}

    def publish(self, conversation: str) -> None:
        """Wake the listeners of this process."""
        # A copy, since another thread's listener may come or go meanwhile.
        for subscription in tuple(self._listening.get(conversation, ())):
            subscription.wake()

    def wake_all(self) -> None:
        """Wake every listener of this process: who knows what was missed."""
        for conversation in tuple(self._listening):
            if not conversation.startswith(TYPING):
                self.publish(conversation)

    def listened_to(self) -> bool:
        """Whether anybody listens in this process."""
        return bool(self._listening)

    def catch_up(self, conversation: str, changed_at: datetime) -> None:
        """Wake those in this process who haven't caught up with that change.

        When somebody was woken tells nothing here: a change bears the time at which its transaction wrote it, and who
        was woken between that and the commit has not seen it.
        """
        for subscription in tuple(self._listening.get(conversation, ())):
            if subscription.caught_up != changed_at:
                subscription.caught_up = changed_at
                subscription.wake()

    def subscribe(self, conversation: str) -> Subscription:
        """Listen within the running event loop."""
        return _LocalSubscription(self._listening, conversation)


class _LocalSubscription:
    """Several wake-ups between two waits count as one."""

    def __init__(self, listening: dict[str, set[_LocalSubscription]], conversation: str) -> None:
        self._listening = listening
        self._conversation = conversation
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self.caught_up: datetime | None = None

    def __enter__(self) -> _LocalSubscription:
        self._listening.setdefault(self._conversation, set()).add(self)
        return self

    def __exit__(self, *error: object) -> None:
        others = self._listening[self._conversation]
        others.discard(self)
        if not others:
            del self._listening[self._conversation]

    def wake(self) -> None:
        """Set the flag in the listener's own loop."""
        # A loop that is being shut down has no listeners left to wake.
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def wait(self, timeout_s: float) -> bool:
        """Wait for the flag and lower it."""
        # What has been said by now counts, even where there is no time to wait: `wait_for` wouldn't look at all then.
        await asyncio.sleep(0)
        if not self._woken.is_set():
            try:
                await asyncio.wait_for(self._woken.wait(), timeout_s)
            except asyncio.TimeoutError:
                return False
        self._woken.clear()
        return True
