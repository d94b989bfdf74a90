"""The life of a data subject request, in the outward words of the Data Rights Protocol."""

from __future__ import annotations

from enum import Enum

from bot.errors import MadoguchiError


class Status(str, Enum):
    """Where a data subject request stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    FULFILLED = "fulfilled"
    DENIED = "denied"
    REVOKED = "revoked"
    EXPIRED = "expired"


class IdentityStatus(str, Enum):
    """What is known of the person who asks."""

    UNVERIFIED = "unverified"
    MANUAL = "manual"  # Staff verify by documents or at the counter.
    VERIFIED = "verified"
    REFUSED = "refused"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.OPEN: frozenset({Status.IN_PROGRESS, Status.FULFILLED, Status.DENIED, Status.REVOKED, Status.EXPIRED}),
    Status.IN_PROGRESS: frozenset({Status.OPEN, Status.FULFILLED, Status.DENIED, Status.REVOKED, Status.EXPIRED}),
    Status.FULFILLED: frozenset(),
    Status.DENIED: frozenset(),
    Status.REVOKED: frozenset(),
    Status.EXPIRED: frozenset(),
}
"""From each status, those that may follow; an ended request never changes again."""

ENDED = frozenset(status for status, following in TRANSITIONS.items() if not following)


class TransitionError(MadoguchiError):
    """A request can't go from one status to another."""

    phrase = "refused_transition"


def check_transition(before: Status, after: Status) -> None:
    """Raise TransitionError unless `after` may follow `before`."""
    if after not in TRANSITIONS[before]:
        raise TransitionError(f"a request that is {before.value} can't become {after.value}")
