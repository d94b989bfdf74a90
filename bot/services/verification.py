"""One-time codes: sent to a contact on file, checked within limits, and the same to see for whoever isn't known."""

from __future__ import annotations

import hmac
import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from bot.knowledge.company import Company
from bot.services.contacts import is_mobile
from bot.services.notices import Notices
from bot.services.ports import Keys, Transaction
from bot.services.records import Customer, OneTimeCode
from bot.settings import Settings

NOBODY = "nobody@localhost"
"""The recipient of a message that is stored as sent and goes nowhere, so that nobody costs what somebody does."""
DAY_S = 24 * 60 * 60
BURST = 2
"""Codes that one person may get at once, e.g. on a second device; more wait until CODE_RESEND_S have passed."""


class Sending(str, Enum):
    """What the customer is told of a code: never whether there was anybody to send it to."""

    SENT = "sent"
    TOO_SOON = "too_soon"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Challenge:
    """Whom a code is to prove: `said` stands for what was written, `person` for whoever that is, known or not."""

    conversation: str
    company: Company
    purpose: str
    customer: Customer | None
    address: str | None
    said: str
    person: str


def code_address(customer: Customer, named: str) -> str | None:
    """Choose where on file a code goes: the e-mail if that was named or no mobile number is there; else by SMS.

    A landline takes no SMS, so it leaves the e-mail.
    """
    mobile = customer.phone if is_mobile(customer.phone) else ""
    if "@" in named:
        return customer.email or mobile or None
    return mobile or customer.email or None


class Verification:
    """Send and check codes; raise Unavailable where the limits can't be counted, so that nothing passes uncounted."""

    def __init__(self, keys: Keys, notices: Notices, settings: Settings) -> None:
        self._keys = keys
        self._notices = notices
        self._settings = settings

    def challenge(
        self, conversation: str, company: Company, purpose: str, customer: Customer | None, named: str, said: str
    ) -> Challenge:
        """Put together whom to prove; counters go by id, or by what was said where nobody was found."""
        digest = self._keys.digest("person", said)
        address = code_address(customer, named) if customer else None
        return Challenge(conversation, company, purpose, customer, address, digest, customer.id if customer else digest)

    def send(self, tx: Transaction, challenge: Challenge, now: datetime) -> Sending:
        """Send a code, or do the same work without a message for nobody.

        A person's own caps stay silent: what is told depends on the conversation alone.
        """
        settings = self._settings
        sender = f"code-send:sender:{challenge.conversation}"
        if not tx.limits.take(f"{sender}:{challenge.said}", 1, settings.code_resend_s, now):
            return Sending.TOO_SOON
        if not tx.limits.take(sender, settings.code_sends_day, DAY_S, now):
            return Sending.TOO_MANY
        person = f"code-send:person:{challenge.company.id}:{challenge.person}"
        at_once = tx.limits.take(f"{person}:burst", BURST, settings.code_resend_s, now)
        allowed = tx.limits.take(person, settings.code_sends_day, DAY_S, now)
        not_before = None if at_once else now + timedelta(seconds=settings.code_resend_s)
        self._issue(tx, challenge, now, not_before, real=allowed and challenge.address is not None)
        return Sending.SENT

    def _issue(
        self, tx: Transaction, challenge: Challenge, now: datetime, not_before: datetime | None, real: bool
    ) -> None:
        """Store a code's HMAC and put its message into the outbox; for nobody, the message is one already sent."""
        code = f"{secrets.randbelow(10**8):08d}"
        customer = challenge.customer.id if challenge.customer and real else None
        record = OneTimeCode(
            id=uuid.uuid4().hex,
            company=challenge.company.id,
            conversation=challenge.conversation,
            customer=customer,
            purpose=challenge.purpose,
            digest=self._digest(challenge.company.id, challenge.conversation, challenge.purpose, code),
            created_at=now,
            expires_at=(not_before or now) + timedelta(minutes=self._settings.code_minutes),
        )
        tx.codes.add(record)
        address = challenge.address if real and challenge.address else NOBODY
        message = self._notices.compose(
            challenge.company,
            address,
            "code",
            f"code:{record.id}",
            now,
            {"code": code, "minutes": self._settings.code_minutes},
            not_before,
        )
        tx.outbox.add(message if real else replace(message, status="sent"))

    def check(self, tx: Transaction, challenge: Challenge, code: str, now: datetime) -> str | None:
        """Return the id of the customer whom a code proves, or None; each call counts, whatever comes out."""
        allowed = self._count_attempt(tx, challenge, now)
        kept = tx.codes.latest(challenge.conversation, challenge.purpose)
        counted = kept is not None and tx.codes.take_attempt(kept.id, self._settings.code_attempts, now)
        given = self._digest(challenge.company.id, challenge.conversation, challenge.purpose, code)
        right = hmac.compare_digest(kept.digest if kept else "", given)
        if kept and kept.customer and right and allowed and counted and tx.codes.use(kept.id, now):
            return kept.customer
        tx.limits.take(f"code-failed:{challenge.company.id}", self._settings.code_attempts_company_day, DAY_S, now)
        return None

    def _count_attempt(self, tx: Transaction, challenge: Challenge, now: datetime) -> bool:
        """Count for the sender and the person, and tell whether both and the company are within their caps."""
        cap = self._settings.code_attempts_day
        company = challenge.company.id
        sender = tx.limits.take(f"code-try:sender:{challenge.conversation}", cap, DAY_S, now)
        person = tx.limits.take(f"code-try:person:{company}:{challenge.person}", cap, DAY_S, now)
        failed = tx.limits.count(f"code-failed:{company}", DAY_S, now)
        return sender and person and failed < self._settings.code_attempts_company_day

    def take_fact_attempt(self, tx: Transaction, challenge: Challenge, now: datetime) -> bool:
        """Count one guess at a second fact; False past the day's cap of the person."""
        key = f"fact-try:person:{challenge.company.id}:{challenge.person}"
        return tx.limits.take(key, self._settings.code_attempts, DAY_S, now)

    def _digest(self, company: str, conversation: str, purpose: str, code: str) -> str:
        """Bind a code to its company, conversation and draft: anywhere else it is just a wrong one."""
        return self._keys.digest("code", "\n".join((company, conversation, purpose, code)))
