"""What staff did with accounts, in the audit chain."""

from __future__ import annotations

from datetime import datetime

from bot.services.actors import staff_actor
from bot.services.ports import Transaction
from bot.services.staff.records import StaffMember


def note_own(tx: Transaction, staff: StaffMember, action: str, at: datetime) -> None:
    """Record what somebody did with their own account, for each company whose door hangs on it."""
    who = staff_actor(staff.id)
    companies: list[str | None] = [one.company for one in tx.staff.memberships(staff.id)]
    for company in companies or [None]:
        tx.audit.append(who, action, who, company, {}, {}, at)
