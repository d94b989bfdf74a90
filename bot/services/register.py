"""The register of customers: who is meant by a name and a contact."""

from __future__ import annotations

from bot.privacy.folding import fold_name
from bot.services.ports import Transaction
from bot.services.records import Customer


def find_person(tx: Transaction, company: str, name: str, contact: str) -> Customer | None:
    """Find the one person on file with that name (or its kana) and that e-mail or phone; several are none.

    The look-up goes by the contact alone, so that it takes as long for a common name as for a rare one.
    """
    wanted = fold_name(name)
    named = [
        customer
        for customer in tx.customers.find_by_contact(company, contact)
        if wanted and wanted in (fold_name(customer.name), fold_name(customer.name_kana))
    ]
    return named[0] if len(named) == 1 else None
