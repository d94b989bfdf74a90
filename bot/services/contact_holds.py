"""A contact on file that changed lately may be an intruder's: what they want waits, and the old contact is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.knowledge.company import Company
from bot.privacy.due_dates import jst_date
from bot.privacy.request_types import request_type
from bot.services.customer_news import CustomerNews
from bot.services.ports import Transaction
from bot.services.records import Customer, DataSubjectRequest


def hold_until(customer: Customer | None, type_id: str, now: datetime, days: int) -> date | None:
    """Tell until when a request of that type is held for a person whose contact changed less than `days` ago."""
    changed = customer.contact_changed_at if customer and request_type(type_id).held_by_new_contact else None
    if changed is None:
        return None
    until = changed + timedelta(days=days)
    return jst_date(until) if now < until else None


def tell_previous_contacts(
    tx: Transaction,
    news: CustomerNews,
    company: Company,
    request: DataSubjectRequest,
    customer: Customer,
    now: datetime,
) -> None:
    """Write to the contacts before the change; once for each request."""
    for number, address in enumerate(customer.previous_contacts):
        key = f"hold:{request.id}:{number}"
        news.notices.send(tx, company, address, "contact_changed", key, now, news.words(request))
