"""Which of all that waits for staff is done first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Urgency(NamedTuple):
    """Smaller is sooner: a suspected leak before all else, then whatever is due first, late or not.

    A case is due when its customer has waited for as long as they may, a request at the end of its due date.
    """

    calm: bool
    due: datetime
    id: str


def urgency(leak: bool, due: datetime, identifier: str) -> Urgency:
    """Give the place in the queue; what was late longest is due first, and the id makes the order one."""
    return Urgency(not leak, due, identifier)
