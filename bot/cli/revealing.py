"""The trace that an operator leaves who looks at personal values."""

from __future__ import annotations

import getpass
from datetime import datetime, timezone

from bot.services.actors import OPERATOR
from bot.services.ports import Transaction


def note_revealed(tx: Transaction, subject: str, company: str | None) -> None:
    """Append to the audit chain which record an operator has seen in full."""
    seen_by = {"account": _account()}
    tx.audit.append(OPERATOR, "personal.revealed", subject, company, {}, seen_by, datetime.now(timezone.utc))


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # A container may run under a number without a name.
        return "unknown"
