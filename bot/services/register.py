"""The register of customers: who is meant by a name and a contact, and the CSV it is filled from."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TextIO

from bot.errors import MadoguchiError
from bot.knowledge.company import CompanyStore
from bot.privacy.due_dates import JST
from bot.privacy.folding import fold_name
from bot.privacy.japanese_dates import read_date
from bot.services.clock import SystemClock
from bot.services.contacts import normalise_email, normalise_phone
from bot.services.csv_files import CsvFileError, file_encoding
from bot.services.ports import Clock, Store, Transaction
from bot.services.records import Customer

COLUMNS = (
    "company",
    "customer_no",
    "name",
    "name_kana",
    "email",
    "phone",
    "postal_code",
    "address",
    "birth_date",
    "plates",
    "updated_at",
)
OPTIONAL_COLUMNS = ("store",)
BATCH = 500
LONGEST = 300
_CLOCK_SKEW = timedelta(days=1)


class RegisterFileError(CsvFileError):
    """A customers file hasn't the columns of one; the text says what is missing."""


class _RowRefused(MadoguchiError):
    """One line can't be taken; the text is its reason."""


class _RollBack(MadoguchiError):
    """Ends the transaction without a trace."""


@dataclass(frozen=True)
class RefusedLine:
    """A line that wasn't taken, by its number in the file (the header is line 1)."""

    line: int
    reason: str


@dataclass
class ImportReport:
    """What an import did; `kept` is False when refused lines undid all of it."""

    added: int = 0
    updated: int = 0
    refused: list[RefusedLine] = field(default_factory=list)
    kept: bool = True


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


def import_customers(
    store: Store,
    path: Path,
    company: str | None = None,
    partial: bool = False,
    *,
    companies: Mapping[str, Sequence[CompanyStore]] | None = None,
    clock: Clock | None = None,
    progress: Callable[[int], None] = lambda lines: None,
) -> ImportReport:
    """Add and update customers from a CSV; all or nothing unless `partial`.

    `company` refuses the lines of any other, `companies` those of unknown ones and of stores that a company with stores
    doesn't have; `progress` hears of each batch's lines.
    """
    now = (clock or SystemClock()).now()
    report = ImportReport()
    with path.open(encoding=file_encoding(path), newline="") as file:
        rows = _rows(file, report, lambda row: _customer(row, company, companies, now))
        try:
            with store.transaction() as tx:
                while batch := list(islice(rows, BATCH)):
                    if partial or not report.refused:
                        _save(tx, batch, report, now)
                    progress(len(batch))
                if report.refused and not partial:
                    raise _RollBack
                tx.customers.settle()
        except _RollBack:
            report.added = report.updated = 0
            report.kept = False
    return report


def _rows(file: TextIO, report: ImportReport, read: Callable[[dict[str, str]], Customer]) -> Iterator[Customer]:
    """Read the customers of a file, noting the lines that are refused."""
    lines = csv.reader(file, strict=True)
    header = _header(next(lines, []))
    seen: dict[tuple[str, str], int] = {}
    while True:
        line = lines.line_num + 1
        try:
            cells = next(lines)
            if not any(cell.strip() for cell in cells):
                continue
            customer = read(_row(header, cells))
            key = (customer.company, customer.customer_no)
            if seen.setdefault(key, line) != line:
                raise _RowRefused(f"customer_no {customer.customer_no} stands in line {seen[key]} already")
            yield customer
        except StopIteration:
            return
        except (_RowRefused, csv.Error) as error:
            report.refused.append(RefusedLine(line, str(error)))


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name not in (*COLUMNS, *OPTIONAL_COLUMNS)]
    if missing or unknown or len(set(names)) != len(names):
        problem = f"lacks {', '.join(missing)}" if missing else f"has unknown or repeated {', '.join(unknown or names)}"
        raise RegisterFileError(f"the header line {problem}; it must be {','.join(COLUMNS)}")
    return names


def _row(header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise _RowRefused(f"has {len(cells)} cells instead of {len(header)}")
    too_long = [name for name, cell in zip(header, cells, strict=True) if len(cell) > LONGEST]
    if too_long:
        raise _RowRefused(f"{too_long[0]} is longer than {LONGEST} characters")
    return {name: cell.strip() for name, cell in zip(header, cells, strict=True)}


def _customer(
    row: dict[str, str],
    company: str | None,
    companies: Mapping[str, Sequence[CompanyStore]] | None,
    now: datetime,
) -> Customer:
    empty = [name for name in ("company", "customer_no", "name") if not row[name]]
    if empty:
        raise _RowRefused(f"{empty[0]} is empty")
    if company is not None and row["company"] != company:
        raise _RowRefused(f"company {row['company']} is not {company}")
    if companies is not None and row["company"] not in companies:
        raise _RowRefused(f"company {row['company']} is unknown")
    return Customer(
        id=uuid.uuid4().hex,
        company=row["company"],
        customer_no=row["customer_no"],
        name=row["name"],
        name_kana=row["name_kana"],
        email=_checked(row, "email", normalise_email, "taro@example.jp"),
        phone=_checked(row, "phone", normalise_phone, "090-1234-5678"),
        postal_code=row["postal_code"],
        address=row["address"],
        birth_date=_checked(row, "birth_date", _birth_date, "1985-03-01"),
        plates=_plates(row["plates"]),
        store=_store(row.get("store", ""), (companies or {}).get(row["company"], ())),
        updated_at=_moment(row["updated_at"], now),
    )


def _checked(row: dict[str, str], name: str, read: Callable[[str], str | None], example: str) -> str:
    if not row[name]:
        return ""
    value = read(row[name])
    if value is None:
        # The value itself is personal: the line number leads the operator to it.
        raise _RowRefused(f"{name} is not one, like {example}")
    return value


def _birth_date(text: str) -> str | None:
    day = read_date(text)
    return day.isoformat() if day else None


def _store(text: str, stores: Sequence[CompanyStore]) -> str | None:
    """Read a store by its id or name; where the company lists none, whatever stands there is its id."""
    if not text or not stores:
        return text or None
    found = next((store.id for store in stores if text in (store.id, store.name)), None)
    if found is None:
        raise _RowRefused(f"store {text} is unknown; there are {', '.join(store.id for store in stores)}")
    return found


def _plates(text: str) -> tuple[str, ...]:
    plates = tuple(plate.strip() for plate in text.split(";") if plate.strip())
    if any(not any(character.isdigit() for character in plate) for plate in plates):
        raise _RowRefused("plates has one without a number, unlike 山形 500 あ 12-34")
    return plates


def _moment(text: str, now: datetime) -> datetime | None:
    """Read ISO 8601; without a zone it is Japan's time."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00").replace("/", "-"))
    except ValueError:
        raise _RowRefused("updated_at is not ISO 8601, like 2026-01-31T10:00:00+09:00") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=JST)
    if moment > now + _CLOCK_SKEW:
        raise _RowRefused("updated_at lies in the future")
    return moment


def _save(tx: Transaction, batch: list[Customer], report: ImportReport, now: datetime) -> None:
    known: dict[tuple[str, str], Customer] = {}
    for company in {customer.company for customer in batch}:
        numbers = [customer.customer_no for customer in batch if customer.company == company]
        known |= {(company, number): one for number, one in tx.customers.get_many_by_no(company, numbers).items()}
    kept = [(known.get((new.company, new.customer_no)), new) for new in batch]
    tx.customers.save_many([_merged(old, new, now) for old, new in kept])
    report.updated += sum(old is not None for old, _ in kept)
    report.added += sum(old is None for old, _ in kept)


def _merged(old: Customer | None, new: Customer, now: datetime) -> Customer:
    """Keep the id, and note a changed contact with those to be told; a person's first import is no change."""
    if old is None:
        return new
    changed = any(after and after != before for after, before in ((new.email, old.email), (new.phone, old.phone)))
    if not changed:
        return replace(
            new, id=old.id, contact_changed_at=old.contact_changed_at, previous_contacts=old.previous_contacts
        )
    previous = tuple(contact for contact in (old.email, old.phone) if contact)
    return replace(new, id=old.id, contact_changed_at=new.updated_at or now, previous_contacts=previous)
