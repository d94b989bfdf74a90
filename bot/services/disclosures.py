"""What the desk itself holds of a person, compiled for a disclosure (APPI 33(1)): for staff, and for the customer."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import NotFound
from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import jst_date
from bot.privacy.japanese_dates import show_date
from bot.privacy.request_types import request_type
from bot.privacy.statuses import Status
from bot.services.actors import staff_actor
from bot.services.contact_holds import hold_until
from bot.services.decisions import DecisionRefused, found
from bot.services.notices import Notices
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock, Keys, RequestFilter, Store, Transaction
from bot.services.records import Customer, DataSubjectRequest, DocumentLink, Suppression
from bot.services.register_comparison import REGISTER_FIELDS, on_file
from bot.settings import Settings

TYPE = "disclosure"
_SECRET_BYTES = 32
_MOST_REQUESTS = 1000


@dataclass(frozen=True)
class Section:
    """A part of the compiled record: pairs of label and value."""

    title: str
    rows: list[tuple[str, str]]


class Disclosures:
    """Compiles records and sends links to them; raises DecisionRefused, whose phrase says why."""

    def __init__(
        self, store: Store, companies: PolicyLibrary, phrases: Phrasebook, keys: Keys, clock: Clock, settings: Settings
    ) -> None:
        self._store = store
        self._companies = companies
        self._phrases = phrases
        self._notices = Notices(phrases)
        self._keys = keys
        self._clock = clock
        self._settings = settings

    def show(self, request_id: str, staff: str) -> list[Section]:
        """Compile for staff, who are noted in the audit chain."""
        with self._store.transaction() as tx:
            request = found(tx, request_id)
            customer = proven(tx, request)
            subject, now = _subject(request), self._clock.now()
            tx.audit.append(staff_actor(staff), "request.record_compiled", subject, request.company, {}, {}, now)
            return self.compile(tx, customer)

    def send_link(self, request_id: str, staff: str) -> None:
        """E-mail a link by which the customer fetches the record once, in time and with a fresh code."""
        with self._store.transaction() as tx:
            request, now = found(tx, request_id), self._clock.now()
            customer = proven(tx, request)
            if request.status is not Status.FULFILLED or not customer.email:
                raise DecisionRefused("a link needs a fulfilled disclosure and an e-mail on file", "refused_link")
            if held := hold_until(customer, request.type, now, self._settings.contact_hold_days):
                raise DecisionRefused("the contact on file changed lately", "refused_held", date=show_date(held))
            secret = secrets.token_urlsafe(_SECRET_BYTES)
            expires = now + timedelta(hours=self._settings.document_hours)
            link = DocumentLink(uuid.uuid4().hex, request.id, link_digest(self._keys, secret), now, expires)
            tx.document_links.add(link)
            words = {
                "receipt": request.receipt,
                "hours": self._settings.document_hours,
                "address": f"{self._settings.base_url}/documents/{secret}",
            }
            company = self._companies.get(request.company)
            self._notices.send(tx, company, customer.email, "document", f"document:{link.id}", now, words)
            tx.audit.append(staff_actor(staff), "request.link_made", _subject(request), request.company, {}, {}, now)

    def compile(self, tx: Transaction, customer: Customer) -> list[Section]:
        """All that the desk holds of a person, but for what was said in conversations."""
        requests = tx.requests.find(RequestFilter(company=customer.company, customer=customer.id, limit=_MOST_REQUESTS))
        stops = tx.suppressions.of_person(customer)
        register = [(self._phrases.text(f"register_{field}"), on_file(customer, field)) for field in REGISTER_FIELDS]
        return [
            Section(self._phrases.text("section_register"), [row for row in register if row[1]]),
            Section(self._phrases.text("section_requests"), [self._request(one) for one in requests]),
            Section(self._phrases.text("section_stops"), [self._stop(one) for one in stops]),
        ]

    def _request(self, request: DataSubjectRequest) -> tuple[str, str]:
        values = {
            "type": request_type(request.type).label,
            "receipt": request.receipt,
            "status": self._phrases.text(f"status_{request.status.value}"),
        }
        return show_date(jst_date(request.created_at)), self._phrases.text("section_request", **values)

    def _stop(self, stop: Suppression) -> tuple[str, str]:
        means, purpose = f"value_means_{stop.means}", f"purpose_{stop.purpose}"
        words = {"contact": stop.contact or "", "means": self._phrases.text(means)}
        told = self._phrases.text("section_stop", **words, purpose=self._phrases.text(purpose))
        return show_date(jst_date(stop.since)), told


def proven(tx: Transaction, request: DataSubjectRequest) -> Customer:
    """The verified person of a disclosure; nobody else's record is compiled."""
    if request.type != TYPE:
        raise NotFound(f"request {request.receipt} is no disclosure")
    customer = tx.customers.get(request.customer) if request.customer and request.verified else None
    if customer is None:
        raise DecisionRefused("the person isn't verified yet, or no longer on file", "refused_unverified")
    return customer


def link_digest(keys: Keys, secret: str) -> str:
    """What is kept of a link's secret."""
    return keys.digest("document-link", secret)


def _subject(request: DataSubjectRequest) -> str:
    return f"request:{request.id}"
