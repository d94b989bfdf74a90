"""A company's own mailing list, given back without whoever must not be contacted."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import TextIO

from bot.services.contacts import normalise_email, normalise_phone
from bot.services.csv_files import CsvFileError, file_encoding
from bot.services.ports import Store
from bot.services.spreadsheet import formula_safe
from bot.services.suppressions import INSPECTION, MARKETING

BATCH = 500


class Means(str, Enum):
    """How a mailing goes out."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    POST = "post"
    LINE = "line"


class Purpose(str, Enum):
    """What a mailing is; a recall notice goes to everybody, so it is never checked."""

    MARKETING = MARKETING
    INSPECTION = INSPECTION


_PHONES = ("phone", "tel", "mobile", "電話", "電話番号", "携帯", "携帯電話", "携帯番号", "携帯電話番号")
_COLUMNS = {
    Means.EMAIL: ("email", "e-mail", "mail", "メール", "メールアドレス", "eメール"),
    Means.PHONE: _PHONES,
    Means.SMS: _PHONES,
    Means.POST: ("address", "住所", "ご住所", "都道府県", "市区町村", "町名番地", "番地"),
    Means.LINE: ("line", "line_id", "line_user_id", "lineid"),
}


class MailingListError(CsvFileError):
    """A mailing list can't be checked; the text says why."""


@dataclass
class CheckedList:
    """What may be sent; the lines left out by their numbers in the file (the header is line 1).

    `unread` are those whose contact can't be read, so that nobody knows whether it is suppressed.
    """

    header: list[str]
    kept: list[list[str]] = field(default_factory=list)
    suppressed: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    encoding: str = "utf-8"


def check_mailing_list(
    store: Store, path: Path, company: str, means: Means, purpose: Purpose, columns: Sequence[str] = ()
) -> CheckedList:
    """Leave out whoever must not get this by these means; `columns` name the contact where the header doesn't tell."""
    encoding = file_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        lines = csv.reader(file, strict=True)
        header = _header(lines, path)
        checked = CheckedList(header, encoding=encoding)
        places = _places(header, means, columns)
        rows = _rows(lines, len(header), path)
        while batch := list(islice(rows, BATCH)):
            _check_batch(store, checked, batch, _Contacts(means, places), company, purpose)
    return checked


def write_mailing_list(target: TextIO, checked: CheckedList) -> None:
    """Write what may be sent; a telephone number stays as it is, what else a spreadsheet would run is quoted."""
    writer = csv.writer(target, lineterminator="\n")
    writer.writerows([_safe(cell) for cell in row] for row in (checked.header, *checked.kept))


def _safe(cell: str) -> str:
    safe = formula_safe(cell)
    return cell if safe != cell and normalise_phone(cell) else safe


def _header(lines: Iterator[list[str]], path: Path) -> list[str]:
    try:
        return next(lines)
    except (StopIteration, csv.Error):
        raise MailingListError(f"{path} has no header line") from None


def _places(header: Sequence[str], means: Means, columns: Sequence[str]) -> list[int]:
    unknown = [name for name in columns if name not in header]
    if unknown:
        raise MailingListError(f"there is no column {', '.join(unknown)}; there are {', '.join(header)}")
    places = [place for place, name in enumerate(header) if (name in columns if columns else _is_of(name, means))]
    if not places:
        raise MailingListError(f"no column is known to hold the {means.value} contact: name it, of {', '.join(header)}")
    return places


def _is_of(name: str, means: Means) -> bool:
    """Tell a column by its name; 「電話番号１」 and 「住所2」 count too."""
    folded = unicodedata.normalize("NFKC", name).strip().casefold().rstrip("0123456789 ")
    return folded in _COLUMNS[means]


def _rows(lines: Iterator[list[str]], width: int, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Read rows with their line numbers; one that isn't like the header refuses the file, for nothing in it is sure."""
    before = 1
    try:
        for cells in lines:
            number, before = before + 1, lines.line_num  # type: ignore[attr-defined]
            if len(cells) != width and any(cell.strip() for cell in cells):
                raise MailingListError(f"{path}, line {number}: has {len(cells)} cells instead of {width}")
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise MailingListError(f"{path}, line {before + 1}: {error}") from error


@dataclass(frozen=True)
class _Contacts:
    """The contacts of a row by the means."""

    means: Means
    places: Sequence[int]

    def of(self, cells: Sequence[str]) -> list[str] | None:
        """Read them; none for an empty cell, None for what can't be read."""
        named = [cells[place].strip() for place in self.places if cells[place].strip()]
        if self.means in (Means.POST, Means.LINE):
            return ["".join(named)] if named else []
        read = [_READ[self.means](one) for one in named]
        return None if None in read else [contact for contact in read if contact]


_READ: dict[Means, Callable[[str], str | None]] = {
    Means.EMAIL: normalise_email,
    Means.PHONE: normalise_phone,
    Means.SMS: normalise_phone,
}


def _check_batch(
    store: Store,
    checked: CheckedList,
    batch: Iterable[tuple[int, list[str]]],
    contacts: _Contacts,
    company: str,
    purpose: Purpose,
) -> None:
    read = [(number, cells, contacts.of(cells)) for number, cells in batch]
    wanted = {contact for _, _, named in read for contact in named or ()}
    with store.transaction(read_only=True) as tx:
        stopped = tx.suppressions.suppressed(company, wanted, contacts.means.value, purpose.value)
    for number, cells, named in read:
        if named is None:
            checked.unread.append(number)
        elif stopped.isdisjoint(named):
            checked.kept.append(cells)
        else:
            checked.suppressed.append(number)
