"""What staff set for their company: hours, closed days, four eyes, a word for those who wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from bot.errors import MadoguchiError
from bot.privacy.due_dates import jst_date
from bot.services.actors import staff_actor
from bot.services.effective_companies import EffectiveCompanies
from bot.services.ports import Clock, Store, Transaction
from bot.services.ports.company_settings import ClosedDay, StaffChoices

LONGEST_NOTE = 200
"""Characters of a word that customers read beside the hours, and of a reason."""


class SettingRefused(MadoguchiError):
    """A setting makes no sense; `phrase` with its `values` says so to staff."""

    def __init__(self, phrase: str, **values: object) -> None:
        super().__init__(f"refused: {phrase}")
        self.phrase = phrase
        self.values = values


class CompanySettings:
    """Staff's changes of their company, each with its audit record; raises SettingRefused and then changes nothing."""

    def __init__(self, store: Store, companies: EffectiveCompanies, clock: Clock) -> None:
        self._store = store
        self._companies = companies
        self._clock = clock

    def get(self, company: str) -> StaffChoices:
        """What staff set over company.yml."""
        with self._store.transaction(read_only=True) as tx:
            return tx.company_settings.get(company)

    def closed_days(self, company: str) -> list[ClosedDay]:
        """The closed days from today on that staff set."""
        with self._store.transaction(read_only=True) as tx:
            return tx.company_settings.closed_days(company, jst_date(self._clock.now()))

    def set_hours(
        self, company: str, hours: Mapping[int, tuple[time, time]], closed_on_holidays: bool, staff: str
    ) -> None:
        """Set the week's opening hours, and whether holidays are closed."""
        if not hours:
            raise SettingRefused("setting_hours_none")
        if any(opens >= closes for opens, closes in hours.values()):
            raise SettingRefused("setting_hours_backwards")
        self._change(company, staff, "hours_changed", opening_hours=hours, closed_on_holidays=closed_on_holidays)

    def set_waiting_note(self, company: str, note: str, staff: str) -> None:
        """Set what customers are told beside the hours; empty tells nothing."""
        self._change(company, staff, "waiting_note_changed", waiting_note=_short(note.strip()))

    def switch_four_eyes(self, company: str, on: bool, reason: str, staff: str) -> None:
        """Ask for a second person at a disclosure or an erasure, or give a reason why not."""
        reason = _short(reason.strip())
        if not on and not reason:
            raise SettingRefused("setting_reason_missing")
        self._change(company, staff, "four_eyes_switched", four_eyes=on, four_eyes_reason="" if on else reason)

    def close_day(self, company: str, day: date, note: str, staff: str) -> None:
        """Close on a day that is to come."""
        now = self._clock.now()
        if day < jst_date(now):
            raise SettingRefused("setting_day_past")
        with self._store.transaction() as tx:
            if not tx.company_settings.close(ClosedDay(company, day, _short(note.strip()))):
                raise SettingRefused("setting_day_closed_already")
            self._record(tx, company, staff, "day_closed", {}, {"day": day.isoformat()})
        self._companies.forget(company)

    def open_day(self, company: str, day: date, staff: str) -> None:
        """Take a closed day back; does nothing if it was none."""
        with self._store.transaction() as tx:
            if tx.company_settings.open(company, day):
                self._record(tx, company, staff, "day_opened", {"day": day.isoformat()}, {})
        self._companies.forget(company)

    def _change(self, company: str, staff: str, action: str, **values: Any) -> None:
        with self._store.transaction() as tx:
            before = tx.company_settings.get(company)
            after = replace(before, **values)
            if after == before:
                return
            tx.company_settings.save(after)
            self._record(tx, company, staff, action, _state(before, values), _state(after, values))
        self._companies.forget(company)

    def _record(
        self, tx: Transaction, company: str, staff: str, action: str, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        subject = f"company:{company}"
        tx.audit.append(staff_actor(staff), f"settings.{action}", subject, company, before, after, self._clock.now())


def _short(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise SettingRefused("setting_too_long", limit=LONGEST_NOTE)
    return text


def _state(choices: StaffChoices, names: Mapping[str, Any]) -> dict[str, Any]:
    """What an audit record says of the named choices: of what somebody typed, only whether there is any."""
    return {name: _told(getattr(choices, name)) for name in names}


def _told(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(day): "-".join(edge.isoformat("minutes") for edge in edges) for day, edges in value.items()}
    return bool(value) if isinstance(value, str) else value
