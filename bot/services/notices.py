"""What the desk writes to customers and staff by e-mail and SMS, put into the outbox with what caused it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from bot.knowledge.company import Company
from bot.services.phrases import Phrasebook
from bot.services.ports import Transaction
from bot.services.records import OutboundMessage


def kind_of(address: str) -> str:
    """Tell by which kind of message an address is reached: e-mail, or SMS for a number."""
    return "email" if "@" in address else "sms"


def company_words(company: Company) -> dict[str, str]:
    """The company as every phrase may name it."""
    known = (company.contact.department, company.contact.phone, company.contact.email)
    return {"company": company.name, "contact": " / ".join(value for value in known if value)}


class Notices:
    """Messages whose texts are the phrases `mail_<name>_subject`, `mail_<name>` and `sms_<name>`."""

    def __init__(self, phrases: Phrasebook) -> None:
        self._phrases = phrases

    def compose(
        self,
        company: Company,
        address: str,
        name: str,
        key: str,
        now: datetime,
        values: Mapping[str, object],
        not_before: datetime | None = None,
    ) -> OutboundMessage:
        """Write a message; `key` makes the same cause send it once."""
        words = {**company_words(company), **values}
        kind = kind_of(address)
        by_mail = kind == "email"
        subject = self._phrases.text(f"mail_{name}_subject", **words) if by_mail else ""
        text = self._phrases.text(f"mail_{name}" if by_mail else f"sms_{name}", **words)
        return OutboundMessage(
            uuid.uuid4().hex, company.id, kind, address, subject, text, key, now, next_try_at=not_before
        )

    def send(
        self,
        tx: Transaction,
        company: Company,
        address: str,
        name: str,
        key: str,
        now: datetime,
        values: Mapping[str, object],
    ) -> bool:
        """Put a message into the outbox unless its cause already did."""
        return tx.outbox.add(self.compose(company, address, name, key, now, values))
