"""Stop marketing to contacts, at once and for good."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from bot.services.ports import Transaction
from bot.services.records import Customer, Suppression

MARKETING = "marketing"
INSPECTION = "inspection"
WITH_INSPECTION = "marketing_and_inspection"

_BY_INSPECTION = {"no": WITH_INSPECTION, "only": INSPECTION}


def purpose_of_stop(inspection: str | None) -> str:
    """Give what a stop is about by its answer on notices of inspection: kept, stopped too, or alone to stop."""
    return _BY_INSPECTION.get(inspection or "", MARKETING)


def suppress(
    tx: Transaction,
    company: str,
    contacts: Iterable[tuple[str, str]],
    purpose: str,
    now: datetime,
    request: str,
    customer: str | None = None,
) -> None:
    """Suppress each (means, contact) for a purpose; what is suppressed already stays as it is.

    特定電子メール法 3条3項: after a refusal that names the address nothing more may be sent, so no code is asked first.
    """
    for means, contact in contacts:
        tx.suppressions.add(
            Suppression(uuid.uuid4().hex, company, contact, means, purpose, now, request=request, customer=customer)
        )


def contacts_of(customer: Customer) -> list[tuple[str, str]]:
    """List the means and contacts by which a person on file can be reached."""
    reached = [
        ("email", customer.email),
        ("phone", customer.phone),
        ("sms", customer.phone),
        ("post", customer.address),
    ]
    return [(means, contact) for means, contact in reached if contact]
