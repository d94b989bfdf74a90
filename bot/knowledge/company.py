"""A company of the desk: company.yml and policy.md in data/policies/<company>/."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

import yaml

from bot.errors import SettingError
from bot.knowledge.privacy_policy import PrivacyPolicy, UnknownCitationError
from bot.knowledge.topics import topic_table

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHANNELS = frozenset({"web", "line"})
_ID = re.compile(r"^[a-z][a-z0-9_-]{0,39}$")
_HOURS = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)$")


class CompanyFileError(SettingError):
    """company.yml or policy.md can't be used; the text names the file, the key and the mend."""


@dataclass(frozen=True)
class Contact:
    """Where customers reach the company, as its policy gives it; every field may be empty."""

    department: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    postal_code: str = ""
    address: str = ""

    @property
    def is_reachable(self) -> bool:
        """Tell whether there is any way to get in touch."""
        return bool(self.phone or self.email or self.address)


@dataclass(frozen=True)
class CompanyStore:
    """One of a company's stores; `hours` are words for customers."""

    id: str
    name: str
    address: str = ""
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True)
class Company:
    """All that the desk knows of one company; opening hours are staff's, by weekday (Monday is 0), local time."""

    id: str
    name: str
    policy: PrivacyPolicy = field(repr=False)
    contact: Contact = Contact()
    policy_url: str = ""
    opening_hours: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    closed_days: frozenset[date] = frozenset()
    closed_each_year: frozenset[tuple[int, int]] = frozenset()  # (month, day), as 年末年始 is.
    closed_on_holidays: bool = True
    due_days: int = 14
    channels: tuple[str, ...] = ("web",)
    allowed_origins: tuple[str, ...] = ()
    stores: tuple[CompanyStore, ...] = ()
    fees: Mapping[str, int] = field(default_factory=dict)
    four_eyes: bool = True
    waiting_note: str = ""  # Set by staff alone: a word for customers who wait for a person.

    def is_closed_on(self, day: date) -> bool:
        """Tell a day that the company named as closed, weekdays and holidays apart."""
        return day in self.closed_days or (day.month, day.day) in self.closed_each_year

    def store(self, named: str | None) -> CompanyStore | None:
        """Find a store by its id or its name."""
        return next((store for store in self.stores if named in (store.id, store.name)), None)


def load_company(folder: Path) -> Company:
    """Read a company's folder, refusing unknown keys and values that make no sense."""
    path = folder / "company.yml"
    if not _ID.match(folder.name):
        raise CompanyFileError(f"{folder}: a company's folder is named in a-z, 0-9, - and _, starting with a letter")
    reader = _Reader(path, _read_yaml(path))
    overrides = reader.topics()
    closed_days, closed_each_year = reader.closed_days()
    policy = _policy(folder / "policy.md", reader)
    try:
        policy.override_topics(overrides)
    except UnknownCitationError as error:
        raise CompanyFileError(f"{path}: topics: {error}") from error
    company = Company(
        id=folder.name,
        name=reader.text("name", required=True),
        policy=policy,
        contact=reader.contact(),
        policy_url=reader.text("policy_url"),
        opening_hours=reader.opening_hours(),
        closed_days=closed_days,
        closed_each_year=closed_each_year,
        closed_on_holidays=reader.flag("closed_on_holidays", True),
        due_days=reader.number("due_days", 14, 1, 90),
        channels=reader.texts("channels", ("web",), CHANNELS),
        allowed_origins=reader.texts("allowed_origins"),
        stores=reader.stores(),
        fees=reader.fees(),
        four_eyes=reader.flag("four_eyes", True),
    )
    reader.refuse_unknown()
    return company


def _policy(path: Path, reader: "_Reader") -> PrivacyPolicy:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CompanyFileError(
            f"{path}: can't be read as UTF-8 text ({error}); put the published policy there"
        ) from None
    if not text.strip():
        raise CompanyFileError(f"{path}: is empty; put the published policy there")
    published = reader.day("policy_date")
    return PrivacyPolicy.from_text(text, title=reader.text("policy_title"), date=published)


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise CompanyFileError(f"{path}: is missing; a company needs one with at least `name:`") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CompanyFileError(f"{path}: is no valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict):
        raise CompanyFileError(f"{path}: must be a list of `key: value` lines with at least `name:`")
    return data


class _Reader:
    """Reads the keys of one company.yml and remembers which it knows."""

    def __init__(self, path: Path, data: dict[str, Any]) -> None:
        self.path = path
        self.data = data
        self._known: set[str] = set()

    def _get(self, key: str, default: Any, kind: type | tuple[type, ...], wanted: str) -> Any:
        self._known.add(key)
        value = self.data.get(key, default)
        if value is None:
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            raise self._wrong(key, value, wanted)
        return value

    def _wrong(self, key: str, value: object, wanted: str) -> CompanyFileError:
        return CompanyFileError(f"{self.path}: {key}: {value!r} is not usable; give {wanted}")

    def text(self, key: str, required: bool = False) -> str:
        value = str(self._get(key, "", (str, int), "a text"))
        if required and not value.strip():
            raise CompanyFileError(f"{self.path}: {key}: is missing; add `{key}: …`")
        return value.strip()

    def flag(self, key: str, default: bool) -> bool:
        return bool(self._get(key, default, bool, "true or false"))

    def number(self, key: str, default: int, least: int, most: int) -> int:
        value = int(self._get(key, default, int, f"a whole number from {least} to {most}"))
        if not least <= value <= most:
            raise self._wrong(key, value, f"a whole number from {least} to {most}")
        return value

    def texts(self, key: str, default: tuple[str, ...] = (), allowed: frozenset[str] | None = None) -> tuple[str, ...]:
        values = self._get(key, list(default), list, "a list of texts")
        for value in values:
            if not isinstance(value, str) or (allowed is not None and value not in allowed):
                raise self._wrong(key, value, f"any of {', '.join(sorted(allowed))}" if allowed else "texts only")
        return tuple(values)

    def day(self, key: str) -> date | None:
        value: date | None = self._get(key, None, date, "a date like 2026-01-31")
        return value

    def closed_days(self) -> tuple[frozenset[date], frozenset[tuple[int, int]]]:
        """Dates, and days of each year like "12-29"."""
        values = self._get("closed_days", [], list, "a list of dates")
        yearly = {value: self._day_of_year(value) for value in values if not isinstance(value, date)}
        return frozenset(value for value in values if isinstance(value, date)), frozenset(yearly.values())

    def _day_of_year(self, value: object) -> tuple[int, int]:
        try:
            day = date.fromisoformat(f"2024-{value}")  # A leap year, so that 02-29 is a day.
        except ValueError:
            raise self._wrong("closed_days", value, "dates like 2026-01-31, or 12-31 for each year") from None
        return day.month, day.day

    def contact(self) -> Contact:
        values = self._mapping("contact", set(Contact.__dataclass_fields__))
        return Contact(**{key: str(value) for key, value in values.items() if value is not None})

    def opening_hours(self) -> dict[int, tuple[time, time]]:
        values = self._mapping("opening_hours", set(WEEKDAYS))
        open_days = {day: hours for day, hours in values.items() if hours not in (None, "closed")}
        return {WEEKDAYS.index(day): self._hours(day, hours) for day, hours in open_days.items()}

    def _hours(self, day: str, hours: object) -> tuple[time, time]:
        match = _HOURS.match(str(hours).replace(" ", ""))
        if match:
            opens, closes = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
            if opens < closes:
                return opens, closes
        raise self._wrong(f"opening_hours.{day}", hours, 'hours like "08:30-17:30", or closed')

    def stores(self) -> tuple[CompanyStore, ...]:
        """A store is an entry of `id`, `name` and more, or its name alone."""
        found = tuple(self._store(value) for value in self._get("stores", [], list, "a list of stores"))
        names = [name for store in found for name in {store.id, store.name}]
        if doubled := next((name for name in names if names.count(name) > 1), None):
            raise self._wrong("stores", doubled, "each store an id and a name of its own")
        return found

    def _store(self, value: object) -> CompanyStore:
        if isinstance(value, str) and value.strip():
            return CompanyStore(value.strip(), value.strip())
        known = CompanyStore.__dataclass_fields__
        if not isinstance(value, dict) or set(value) - set(known) or not (value.get("id") and value.get("name")):
            raise self._wrong("stores", value, f"entries with id and name, and any of {', '.join(list(known)[2:])}")
        return CompanyStore(**{key: str(text).strip() for key, text in value.items() if text is not None})

    def fees(self) -> dict[str, int]:
        values = self._mapping("fees", None)
        for key, value in values.items():
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                raise self._wrong(f"fees.{key}", value, "yen as a whole number")
        return dict(values)

    def topics(self) -> dict[str, tuple[str, ...]]:
        values = self._mapping("topics", set(topic_table()))
        for key, value in values.items():
            if not isinstance(value, list):
                raise self._wrong(f"topics.{key}", value, 'a list of citations like ["3."], or [] for "not covered"')
        return {key: tuple(str(citation) for citation in value) for key, value in values.items()}

    def _mapping(self, key: str, allowed: set[str] | None) -> dict[str, Any]:
        values: dict[str, Any] = self._get(key, {}, dict, "`key: value` lines")
        if allowed is not None and (unknown := set(values) - allowed):
            raise CompanyFileError(
                f"{self.path}: {key}.{sorted(unknown)[0]}: is unknown; use any of {', '.join(sorted(allowed)[:40])}"
            )
        return values

    def refuse_unknown(self) -> None:
        if unknown := set(self.data) - self._known:
            known = ", ".join(sorted(self._known))
            raise CompanyFileError(f"{self.path}: {sorted(map(str, unknown))[0]}: is unknown; use any of {known}")
