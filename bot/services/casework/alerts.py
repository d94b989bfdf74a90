"""E-mail to staff of customers who wait; each person switches it on, and it names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.knowledge.company import Company
from bot.knowledge.library import PolicyLibrary
from bot.privacy.handoff import HandoffReason
from bot.services.casework.worker import Worker
from bot.services.notices import Notices
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock, Store, Transaction
from bot.services.records import Handoff
from bot.services.staff.records import StaffMember
from bot.settings import Settings

PAUSE = timedelta(minutes=10)
"""Between two e-mails to one person: what came meanwhile is told together. A leak or a case raised doesn't wait."""


class CaseAlerts:
    """Who is told by e-mail, and of what."""

    def __init__(
        self, store: Store, companies: PolicyLibrary, phrases: Phrasebook, clock: Clock, settings: Settings
    ) -> None:
        self._store = store
        self._companies = companies
        self._notices = Notices(phrases)
        self._clock = clock
        self._address = settings.base_url

    def switch(self, worker: Worker, on: bool) -> None:
        """Begin or cease to tell a person."""
        now = self._clock.now()
        with self._store.transaction() as tx:
            if tx.case_alerts.is_on(worker.id, worker.company) == on:
                return
            if on:
                tx.case_alerts.switch_on(worker.id, worker.company, now)
            else:
                tx.case_alerts.switch_off(worker.id, worker.company)
            tx.audit.append(
                worker.actor,
                "staff.alerts_switched",
                worker.actor,
                worker.company,
                {"on": not on},
                {"on": on},
                now,
            )

    def is_on(self, worker: Worker) -> bool:
        """Whether a person is told."""
        with self._store.transaction(read_only=True) as tx:
            return tx.case_alerts.is_on(worker.id, worker.company)

    def send(self) -> int:
        """Put e-mails into the outbox for who has something to be told; return how many."""
        return sum(self._send(self._companies.get(company)) for company in self._companies.ids())

    def _send(self, company: Company) -> int:
        now = self._clock.now()
        with self._store.transaction(read_only=True) as tx:
            wanted = tx.case_alerts.wanted(company.id)
            waiting = tx.handoffs.find(company.id, "waiting") if wanted else []
        return sum(self._tell(company, staff, told_at, waiting, now) for staff, told_at in wanted)

    def _tell(self, company: Company, staff: str, told_at: datetime, waiting: Sequence[Handoff], now: datetime) -> bool:
        with self._store.transaction() as tx:
            member, store = _member(tx, company.id, staff)
            if member is None:
                tx.case_alerts.switch_off(staff, company.id)
                return False
            theirs = [case for case in waiting if store is None or case.store in (None, store)]
            news = [case for case in theirs if _since(case) > told_at]
            pressing = any(case.reason is HandoffReason.LEAK or case.raised_at is not None for case in news)
            if not news or not (pressing or now - told_at >= PAUSE):
                return False
            if not tx.case_alerts.told(staff, company.id, told_at, now):
                return False
            leaks = any(case.reason is HandoffReason.LEAK for case in news)
            name = "staff_leak" if leaks else "staff_cases"
            key = f"cases:{company.id}:{staff}:{told_at.isoformat()}"
            words = {"count": len(theirs), "address": f"{self._address}/staff/{company.id}/queue"}
            return self._notices.send(tx, company, member.email, name, key, now, words)


def _member(tx: Transaction, company: str, staff: str) -> tuple[StaffMember | None, str | None]:
    """Who is told, and of which store; nobody who has left the company."""
    found = next(((one, role) for one, role in tx.staff.members(company) if one.id == staff), None)
    return (found[0], found[1].store) if found else (None, None)


def _since(case: Handoff) -> datetime:
    return max(case.waiting_since, case.raised_at or case.waiting_since)
