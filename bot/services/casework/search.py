"""Find a person's cases and requests by a name, number or address in full: look-ups are by keyed hash."""

from __future__ import annotations

from dataclasses import dataclass

from bot.privacy.due_dates import jst_date
from bot.services.casework.queue import Row, StaffQueue, request_row
from bot.services.casework.worker import Worker, names_of
from bot.services.ports import Clock, RequestFilter, Store, Transaction
from bot.services.ports.queue import QueuedCase
from bot.services.receipts import read_receipt
from bot.services.records import Conversation, Customer, DataSubjectRequest

MOST = 50
LONGEST = 200
"""Characters of a search: an address is shorter."""


@dataclass(frozen=True)
class Found:
    """What a search found: rows of requests and open cases, and of whom the register knows so many."""

    rows: list[Row]
    customers: int
    names: dict[str, str]


class CaseSearch:
    """Searches a company's cases and requests, as far as a member of staff may see them."""

    def __init__(self, store: Store, queue: StaffQueue, clock: Clock) -> None:
        self._store = store
        self._queue = queue
        self._clock = clock

    def find(self, worker: Worker, text: str) -> Found:
        """Find by receipt number, name, kana, e-mail, telephone or plate, however it is written."""
        wanted, today = text.strip()[:LONGEST], jst_date(self._clock.now())
        if not wanted:
            return Found([], 0, {})
        with self._store.transaction(read_only=True) as tx:
            customers = _customers(tx, worker.company, wanted)
            requests = _requests(tx, worker, wanted, customers)
            threads = _threads(tx, worker, requests, customers)
            rows = [*self._cases(tx, worker, threads), *(request_row(one, today) for one in requests)]
            holders = {row.holder for row in rows if row.holder}
            return Found(sorted(rows, key=lambda row: row.since, reverse=True), len(customers), names_of(tx, holders))

    def _cases(self, tx: Transaction, worker: Worker, threads: list[Conversation]) -> list[Row]:
        cases = [(thread, case) for thread in threads if (case := tx.handoffs.open_for(thread.id))]
        return [
            self._queue.case_row(worker.company, QueuedCase(case, thread.channel, None, None), self._clock.now())
            for thread, case in cases
        ]


def _customers(tx: Transaction, company: str, text: str) -> list[Customer]:
    found = [*tx.customers.find_by_name(company, text), *tx.customers.find_by_contact(company, text)]
    return list({one.id: one for one in found}.values())[:MOST]


def _requests(tx: Transaction, worker: Worker, text: str, customers: list[Customer]) -> list[DataSubjectRequest]:
    found: dict[str, DataSubjectRequest] = {}
    if (receipt := read_receipt(text)) and (one := tx.requests.by_receipt(receipt)):
        found[one.id] = one
    for customer in customers:
        wanted = RequestFilter(company=worker.company, customer=customer.id, limit=MOST)
        found.update((one.id, one) for one in tx.requests.find(wanted))
    for identifier in tx.request_lookup.find(worker.company, text, MOST):
        if one := tx.requests.get(identifier):
            found[one.id] = one
    return [one for one in found.values() if worker.sees(one.company, one.store)][:MOST]


def _threads(
    tx: Transaction, worker: Worker, requests: list[DataSubjectRequest], customers: list[Customer]
) -> list[Conversation]:
    names = {one.conversation for one in requests if one.conversation}
    names |= {name for customer in customers for name in tx.conversations.of_customer(customer.id)}
    threads = [tx.conversations.get(name) for name in sorted(names)[:MOST]]
    return [one for one in threads if one is not None and worker.sees(one.company, one.store)]
