"""Of which stores a page tells: one's own, or those that are asked for."""

from __future__ import annotations

from bot.knowledge.company import Company
from bot.services.staff.records import Membership

NO_STORE = "none"
"""What the filter has for all that belongs to no store."""


def stores_wanted(membership: Membership, company: Company, wanted: str) -> tuple[str, ...] | None:
    """Give one's own store and what belongs to none (the empty one), or the one asked for, or None for all."""
    if membership.store is not None:
        return membership.store, ""
    if wanted == NO_STORE:
        return ("",)
    return (wanted,) if wanted in {store.id for store in company.stores} else None
