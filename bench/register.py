"""The register under measurement: made-up customers, and finding one with and without the blind index."""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import select

from bench.processes import BenchError
from bot.services.contacts import fold_contact
from bot.services.records import Customer
from bot.services.register import COLUMNS, find_person, import_customers
from bot.storage.customers import SqlCustomers
from bot.storage.repository import place
from bot.storage.store import SqlStore
from bot.storage.tables import customers

COMPANY = "okura"
_SURNAMES = (
    "佐藤:サトウ",
    "鈴木:スズキ",
    "髙橋:タカハシ",
    "田中:タナカ",
    "渡邊:ワタナベ",
    "五十嵐:イガラシ",
    "阿部:アベ",
)
_GIVEN = (
    "太郎:タロウ",
    "花子:ハナコ",
    "健:ケン",
    "美咲:ミサキ",
    "翔太:ショウタ",
    "結衣:ユイ",
    "博:ヒロシ",
    "幸子:サチコ",
)
_CONTACTS = ("email", "phone", "plates")


def person(number: int) -> dict[str, str]:
    """The line of a customer: many share a name, as in life, nobody a contact."""
    surname, surname_kana = _SURNAMES[number % len(_SURNAMES)].split(":")
    given, given_kana = _GIVEN[number // len(_SURNAMES) % len(_GIVEN)].split(":")
    digits = f"{10_000_000 + number}"
    return {
        "company": COMPANY,
        "customer_no": f"{number:07d}",
        "name": f"{surname} {given}",
        "name_kana": f"{surname_kana} {given_kana}",
        "email": f"customer{number}@example.jp",
        "phone": f"090-{digits[:4]}-{digits[4:]}",
        "postal_code": "999-0001",
        "address": f"山形県新庄市本町{number}",
        "birth_date": f"{1940 + number % 60}-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        "plates": f"山形 {300 + number // 10_000} あ {number // 100 % 100:02d}-{number % 100:02d}",
        "updated_at": "2026-01-31T10:00:00+09:00",
    }


def grow(store: SqlStore, folder: Path, numbers: range) -> tuple[float, float]:
    """Import the customers of these numbers from a CSV; give the lines a second, and a second of our processor time."""
    file = folder / "customers.csv"
    with file.open("w", encoding="utf-8", newline="") as output:
        lines = csv.DictWriter(output, COLUMNS)
        lines.writeheader()
        lines.writerows(person(number) for number in numbers)
    began, worked = time.perf_counter(), time.process_time()
    report = import_customers(store, file)
    taken, worked = time.perf_counter() - began, time.process_time() - worked
    file.unlink()
    if report.added != len(numbers):
        raise BenchError(f"{report.added} of {len(numbers)} customers were imported: {report.refused[:3]}")
    return len(numbers) / taken, len(numbers) / worked


class FullScan(SqlCustomers):
    """The peer: contacts without a blind index, of which each look-up decrypts every row's."""

    def find_by_contact(self, company: str, contact: str) -> list[Customer]:
        """Find by e-mail, phone or plate."""
        wanted = fold_contact(contact)
        columns = [customers.c[name] for name in ("id", *_CONTACTS)]
        rows = self._run(select(columns).where(customers.c.company == company))
        ids = [row.id for row in rows if wanted in self._contacts(row)]
        return [found for found in map(self.get, ids) if found]

    def _contacts(self, row: SimpleNamespace) -> set[str]:
        opened = {
            name: customers.c[name].type.unpack(
                self._session.keyring.open(place(customers, name, row.id), getattr(row, name))
            )
            for name in _CONTACTS
        }
        return {fold_contact(each) for each in (opened["email"], opened["phone"], *opened["plates"])}


def time_look_ups(
    store: SqlStore, numbers: Iterable[int], repository: type[SqlCustomers] = SqlCustomers
) -> list[float]:
    """Find these customers by name and e-mail or phone, a transaction each; give the milliseconds of each."""
    taken = []
    for number in numbers:
        wanted = person(number)
        contact = random.choice((wanted["email"], wanted["phone"]))
        began = time.perf_counter()
        with store.session(read_only=True) as session:
            found = find_person(SimpleNamespace(customers=repository(session)), COMPANY, wanted["name"], contact)
        taken.append(1000 * (time.perf_counter() - began))
        if found is None or found.customer_no != wanted["customer_no"]:
            raise BenchError(f"customer {number} was not found")
    return taken
