"""Requests whose time runs: reminders to staff, and the end of what nobody proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import jst_date, reminder_dates
from bot.privacy.request_types import Level
from bot.privacy.statuses import IdentityStatus
from bot.services.business_calendar import CompanyCalendar
from bot.services.notices import Notices
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock, RequestList, Store
from bot.services.records import DataSubjectRequest
from bot.services.requests import RequestDesk

_A_PAGE = 200
_UNPROVEN = (IdentityStatus.UNVERIFIED, IdentityStatus.MANUAL)


@dataclass(frozen=True)
class Reminder:
    """A request of which staff are to be reminded: `stage` is half, three_quarters or overdue."""

    request: DataSubjectRequest
    stage: str


class DueRequests:
    """What the passing of time asks for."""

    def __init__(
        self, store: Store, phrases: Phrasebook, clock: Clock, companies: PolicyLibrary, desk: RequestDesk
    ) -> None:
        self._calendar = CompanyCalendar(companies)
        self._store = store
        self._phrases = phrases
        self._notices = Notices(phrases)
        self._clock = clock
        self._companies = companies
        self._desk = desk

    def reminders(self, company: str | None = None) -> list[Reminder]:
        """List the running requests at half or three quarters of their time, or past it."""
        today = jst_date(self._clock.now())
        return [Reminder(one, stage) for one in self._running(company) if (stage := self._stage(one, today))]

    def send_reminders(self) -> int:
        """Remind each company's desk by e-mail, once a stage; return how many were enqueued."""
        return sum(self._send(reminder) for reminder in self.reminders())

    def expire(self, days: int) -> int:
        """End requests that are unproven `days` after their due date; return how many.

        A stop of marketing needs no proof and never runs out.
        """
        now = self._clock.now()
        limit = jst_date(now) - timedelta(days=days)
        stale = [
            request
            for request in self._running(None, due_before=limit)
            if request.identity in _UNPROVEN and request.level is not Level.NAMED_CONTACT
        ]
        for request in stale:
            with self._store.transaction() as tx:
                self._desk.expire(tx, request, now)
        return len(stale)

    def _running(self, company: str | None, due_before: date | None = None) -> Iterator[DataSubjectRequest]:
        """Go through the running requests page by page: those that ended, the most by far, aren't read."""
        for company_id in [company] if company else self._companies.ids():
            last: DataSubjectRequest | None = None
            while page := self._page(RequestList(company_id, due_before=due_before, after=last, limit=_A_PAGE)):
                yield from page
                last = page[-1]

    def _page(self, wanted: RequestList) -> list[DataSubjectRequest]:
        with self._store.transaction(read_only=True) as tx:
            return tx.requests.page(wanted)

    def _stage(self, request: DataSubjectRequest, today: date) -> str | None:
        if today > request.due_date:
            return "overdue"
        received = jst_date(request.created_at)
        half, three_quarters = reminder_dates(
            received, request.due_date, lambda day: self._calendar.is_business_day(request.company, day)
        )
        if today >= three_quarters:
            return "three_quarters"
        return "half" if today >= half else None

    def _send(self, reminder: Reminder) -> bool:
        request = reminder.request
        company = self._companies.get(request.company)
        if not company.contact.email:
            return False
        key = f"reminder:{request.id}:{reminder.stage}:{request.due_date.isoformat()}"
        words = {**self._desk.news.words(request), "stage": self._phrases.text(f"stage_{reminder.stage}")}
        with self._store.transaction() as tx:
            return self._notices.send(tx, company, company.contact.email, "reminder", key, self._clock.now(), words)
