"""The customer's side of a link to a compiled record: in time, with a fresh code to the contact on file, once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import NotFound
from bot.knowledge.company import Company
from bot.knowledge.library import PolicyLibrary
from bot.services.disclosures import Disclosures, Section, link_digest, proven
from bot.services.intake.readers import find_code
from bot.services.ports import Clock, Keys, Store, Transaction
from bot.services.records import Conversation, DataSubjectRequest, DocumentLink
from bot.services.verification import Challenge, Sending, Verification

CHANNEL = "document"


@dataclass(frozen=True)
class Document:
    """What the customer fetched."""

    company: Company
    receipt: str
    sections: list[Section]


class DocumentDelivery:
    """Raises NotFound for links that are unknown, used or expired: nobody learns which."""

    def __init__(
        self,
        store: Store,
        companies: PolicyLibrary,
        disclosures: Disclosures,
        verification: Verification,
        keys: Keys,
        clock: Clock,
    ) -> None:
        self._store = store
        self._companies = companies
        self._disclosures = disclosures
        self._verification = verification
        self._keys = keys
        self._clock = clock

    def look(self, secret: str) -> Company:
        """Tell whose link it is, changing nothing: programs that check e-mails open links too."""
        with self._store.transaction(read_only=True) as tx:
            _, request = self._open(tx, secret)
            return self._companies.get(request.company)

    def send_code(self, secret: str) -> Sending:
        """Send a fresh code to the contact on file, within the limits of codes."""
        with self._store.transaction() as tx:
            challenge = self._challenge(tx, *self._open(tx, secret))
            return self._verification.send(tx, challenge, self._clock.now())

    def fetch(self, secret: str, code: str) -> Document | None:
        """Give the record for the right code and use the link up; None for a code that isn't right."""
        with self._store.transaction() as tx:
            link, request = self._open(tx, secret)
            now = self._clock.now()
            given = find_code(code) or ""
            proved = self._verification.check(tx, self._challenge(tx, link, request), given, now)
            if proved is None or proved != request.customer or not tx.document_links.use(link.id, now):
                return None
            subject = f"request:{request.id}"
            tx.audit.append("customer", "request.link_used", subject, request.company, {}, {}, now)
            sections = self._disclosures.compile(tx, proven(tx, request))
            return Document(self._companies.get(request.company), request.receipt, sections)

    def _open(self, tx: Transaction, secret: str) -> tuple[DocumentLink, DataSubjectRequest]:
        link = tx.document_links.by_digest(link_digest(self._keys, secret))
        if link is None or link.used_at is not None or link.expires_at <= self._clock.now():
            raise NotFound("no such link, or no longer")
        request = tx.requests.get(link.request)
        customer = tx.customers.get(request.customer) if request and request.customer else None
        if request is None or customer is None:
            raise NotFound("what the link led to is gone")
        return link, request

    def _challenge(self, tx: Transaction, link: DocumentLink, request: DataSubjectRequest) -> Challenge:
        """A code belongs to a conversation; a link has one of its own, without messages."""
        place, now, customer = f"document-{link.id}", self._clock.now(), proven(tx, request)
        if tx.conversations.get(place) is None:
            tx.conversations.add(Conversation(place, CHANNEL, request.company, now, now))
        company = self._companies.get(request.company)
        return self._verification.challenge(place, company, place, customer, customer.email, link.id)
