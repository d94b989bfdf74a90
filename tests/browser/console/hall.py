"""The customers of okura, for tests of what staff do with them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from bot.bootstrap import Services
from bot.privacy.due_dates import jst_date
from bot.privacy.handoff import HandoffReason
from bot.services.records import Handoff
from tests.records import conversation, data_subject_request


class Hall:
    """Where customers come in, and leave when a test is over."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def comes(self, reason: HandoffReason = HandoffReason.ASKED, **more: Any) -> Handoff:
        """Let somebody ask for a person."""
        name, now = f"c{uuid.uuid4().hex[:12]}", self.services.clock.now()
        with self.services.store.transaction() as tx:
            tx.conversations.add(conversation(name, created_at=now, updated_at=now, **more))
        return self.calls(name, reason)

    def calls(self, name: str, reason: HandoffReason = HandoffReason.ASKED) -> Handoff:
        """Let the customer of a conversation ask for a person."""
        self.services.handoffs.hand_off(name, self.services.companies.get("okura"), reason, uuid.uuid4().hex)
        return next(case for case in self.services.handoffs.find("okura") if case.conversation == name)

    def requests(self, name: str, days: int, **more: Any) -> str:
        """Record a request that is due in so many days; give its receipt number."""
        now, receipt = self.services.clock.now(), f"OK-{uuid.uuid4().hex[:4].upper()}-AAAA-BBBB"
        due = jst_date(now) + timedelta(days=days)
        values = {"receipt": receipt, "claimant": {"name": name}, "idempotency_key": receipt}
        with self.services.store.transaction() as tx:
            tx.requests.add(data_subject_request(receipt, created_at=now, due_date=due, **values, **more))
        return receipt

    def empties(self) -> None:
        """Let everybody go."""
        for case in self.services.handoffs.find("okura", "waiting") + self.services.handoffs.find("okura", "claimed"):
            self.services.handoffs.close(case.id, "test")
