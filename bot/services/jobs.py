"""What runs by itself leaves word of when it ran, so that its silence can be noticed."""

from __future__ import annotations

from collections.abc import Callable

from bot.errors import MadoguchiError
from bot.services.ports import Clock, Store
from bot.services.ports.operation import JobRun

HEARTBEAT = "heartbeat"
"""The job that does nothing: that it ran tells that the worker lives."""
AUDIT_CHECK = "audit_check"
"""The job whose failure means that somebody changed the records."""


class ChainBroken(MadoguchiError):
    """The audit chain was tampered with; the text says where."""


def noted(store: Store, clock: Clock, name: str, job: Callable[[], object]) -> Callable[[], None]:
    """Make a job that notes whether it ended well; its error goes on to whoever logs it."""

    def run() -> None:
        ok = False
        try:
            job()
            ok = True
        finally:
            with store.transaction(durable=False) as tx:
                tx.operation.note_job(JobRun(name, clock.now(), ok))

    return run


def check_chain(store: Store) -> None:
    """Raise ChainBroken unless the audit chain holds."""
    with store.transaction(read_only=True) as tx:
        bad = tx.audit.first_bad()
    if bad is not None:
        raise ChainBroken(f"the audit chain is broken: {bad}")
