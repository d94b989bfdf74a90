"""Customers who wait too long: raised once, told honestly once."""

from __future__ import annotations

from datetime import datetime

from bot.knowledge.library import PolicyLibrary
from bot.services.casework.cases import desk_message
from bot.services.opening_hours import OpeningHours
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock, Store
from bot.services.records import Handoff
from bot.settings import Settings

_MOST_URGENT = 1
"""Only a leak is before it."""


class Waiting:
    """What the passing of time does to cases that nobody has taken."""

    def __init__(
        self,
        store: Store,
        companies: PolicyLibrary,
        hours: OpeningHours,
        phrases: Phrasebook,
        clock: Clock,
        s: Settings,
    ) -> None:
        self._store = store
        self._companies = companies
        self._hours = hours
        self._phrases = phrases
        self._clock = clock
        self._minutes = s.handoff_raise_minutes

    def raise_overdue(self) -> int:
        """Raise every case that has waited for HANDOFF_RAISE_MINUTES of opening hours; return how many."""
        now = self._clock.now()
        with self._store.transaction(read_only=True) as tx:
            waiting = tx.handoffs.find(status="waiting")
        late = [case for case in waiting if case.raised_at is None and self._due(case) <= now]
        return sum(self._raise(case, now) for case in late)

    def _due(self, case: Handoff) -> datetime:
        return self._hours.after(self._companies.get(case.company), case.waiting_since, self._minutes)

    def _raise(self, case: Handoff, now: datetime) -> bool:
        with self._store.transaction() as tx:
            thread = tx.conversations.lock(case.conversation)
            priority = max(min(case.priority, _MOST_URGENT), case.priority - 1)
            if not tx.handoffs.raise_once(case.id, priority, now):
                return False
            if thread is not None and thread.ended_at is None and thread.owner == "staff":
                said = self._phrases.say("handoff_still_waiting")
                tx.conversations.add_message(desk_message(case, said, "waiting", now))
            before, after = {"status": "waiting"}, {"status": "waiting", "priority": priority}
            tx.audit.append("desk", "handoff.raised", f"handoff:{case.id}", case.company, before, after, now)
            return True
