"""How much one browser may send; a chat that can't count goes on, since answering a question harms nobody."""

from __future__ import annotations

from bot.errors import MadoguchiError, Unavailable
from bot.services.ports import Clock, Store
from bot.settings import Settings

_MINUTE_S = 60
_HOUR_S = 3600
_REFUSED_KEYS_MINUTE = 30


class TooMany(MadoguchiError):
    """More was sent than the settings allow; `retry_s` tells when to try again."""

    def __init__(self, retry_s: int) -> None:
        super().__init__(f"too many requests, try again in {retry_s} s")
        self.retry_s = retry_s


class Throttle:
    """Counts messages by conversation, new conversations by address, and what machines call."""

    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings

    def message(self, conversation: str) -> None:
        """Count a message; raise TooMany beyond MESSAGES_MINUTE."""
        self._take(f"web message {conversation}", self._settings.messages_minute, _MINUTE_S)

    def opening(self, address: str) -> None:
        """Count a new conversation; raise TooMany beyond CONVERSATIONS_HOUR."""
        self._take(f"web conversation {address}", self._settings.conversations_hour, _HOUR_S)

    def machine(self, machine: str) -> None:
        """Count a call of the API for help desks; raise TooMany beyond MACHINE_CALLS_MINUTE."""
        self._take(f"machine {machine}", self._settings.machine_calls_minute, _MINUTE_S)

    def refused_key(self, address: str) -> None:
        """Count a call with a wrong key, so that nobody tries keys at full speed; raise TooMany."""
        self._take(f"machine key {address}", _REFUSED_KEYS_MINUTE, _MINUTE_S)

    def _take(self, key: str, limit: int, window_s: int) -> None:
        now = self._clock.now()
        try:
            with self._store.transaction() as tx:
                within = tx.limits.take(key, limit, window_s, now)
        except Unavailable:
            return
        if not within:
            raise TooMany(window_s - int(now.timestamp()) % window_s)
