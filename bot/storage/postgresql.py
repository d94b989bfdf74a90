"""PostgreSQL that says nothing: a connection in which a customer waits is given up before the customer is.

A server that stands still (SIGSTOP, a hung machine, a stalled disk) keeps its sockets open, so no time-out of TCP's or
of its own ends a wait. psycopg2 lets us do the waiting: https://www.psycopg.org/docs/advanced.html#green-support
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from psycopg2 import OperationalError
from psycopg2.extensions import (
    POLL_OK,
    POLL_READ,
    STATUS_BEGIN,
    STATUS_READY,
    connection,
    set_wait_callback,
)

GREETING_S = 3.0
"""A server that is well greets, and answers the pool's ping, at once."""
LOCK_S = 4
SILENCE_S = 5.0
"""A statement waits for a lock as long as lock_timeout lets it, and then hears of it."""
REST_S = 2.0
"""After a greeting in vain others are refused at once for so long: each of them would wait as long."""


class Patience:
    """How long one database's connections wait for a word; without `impatient`, a statement takes what it takes."""

    def __init__(self, connect_s: float | None, impatient: bool, now: Callable[[], float] = time.monotonic) -> None:
        self._greeting_s = GREETING_S if impatient else connect_s
        self._impatient = impatient
        self._now = now
        self._rests_until = float("-inf")

    @property
    def rests(self) -> bool:
        """Whether somebody has just greeted in vain."""
        return self._impatient and self._now() < self._rests_until

    def for_greeting(self, is_new: bool) -> float | None:
        """Seconds for a new connection's handshake or for a ping."""
        return self._greeting_s if is_new or self._impatient else None

    def for_statement(self) -> float | None:
        """Seconds from one word of an answer to the next."""
        return SILENCE_S if self._impatient else None

    def end(self) -> None:
        """Note a greeting in vain."""
        self._rests_until = self._now() + REST_S


class _Connection(connection):
    """A connection that knows how long it may wait."""

    def __init__(self, patience: Patience, dsn: str, async_: int = 0) -> None:
        self.patience = patience
        super().__init__(dsn, async_)


def waiting_with(patience: Patience) -> Callable[..., Any]:
    """Give the `connection_factory` of connections that wait so long."""
    return partial(_Connection, patience)


def _wait(waiting: connection) -> None:
    """Wait for a connection's word, as psycopg2 asks us to; raising closes the connection."""
    patience = waiting.patience if isinstance(waiting, _Connection) else Patience(None, impatient=False)
    is_new = waiting.status not in (STATUS_READY, STATUS_BEGIN)
    # The pool's ping is the only statement outside of a transaction.
    greets = is_new or waiting.autocommit
    if greets and patience.rests:
        raise OperationalError("the server said nothing a moment ago")
    seconds = patience.for_greeting(is_new) if greets else patience.for_statement()
    while (wants := waiting.poll()) != POLL_OK:
        # Not select.select, which knows no file beyond the 1,024th.
        poll = select.poll()
        poll.register(waiting.fileno(), select.POLLIN if wants == POLL_READ else select.POLLOUT)
        if not poll.poll(None if seconds is None else seconds * 1000):
            if greets:
                patience.end()
            raise OperationalError(f"the server said nothing for {seconds:.0f} s")


set_wait_callback(_wait)
