"""Companies as their files and their staff have them together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from bot.errors import Unavailable
from bot.knowledge.company import Company
from bot.knowledge.library import PolicyLibrary
from bot.services.ports import Store
from bot.services.ports.company_settings import ClosedDay, StaffChoices

_logger = logging.getLogger(__name__)
_KEPT_S = 1.0
"""So long a process may not know yet what another one changed."""
_PATIENCE_S = 0.25
"""So long a reader waits for the database: companies are asked for within event loops too, which must not stand."""

_LONG_AGO = float("-inf")

Chosen = tuple[StaffChoices, tuple[ClosedDay, ...]]


@dataclass(frozen=True)
class _Kept:
    chosen: Chosen
    read_at: float


class EffectiveCompanies(PolicyLibrary):
    """The library of companies with what staff set laid over each; without a database, what was set last."""

    def __init__(self, folder: Path, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(folder, clock)
        self._store = store
        self._ticks = clock
        self._choices: dict[str, _Kept] = {}
        self._made: dict[str, tuple[Company, Chosen, Company]] = {}
        self._reading: dict[str, Future[_Kept]] = {}

    def get(self, company_id: str) -> Company:
        """Give a company as it is now, or was within the last second."""
        company = super().get(company_id)
        kept = self._choices.get(company_id)
        if kept is None or not 0 <= self._ticks() - kept.read_at < _KEPT_S:
            kept = self._read_anew(company_id, kept)
        made = self._made.get(company_id)
        if made is None or made[0] is not company or made[1] is not kept.chosen:
            made = self._made[company_id] = (company, kept.chosen, effective(company, *kept.chosen))
        return made[2]

    def forget(self, company_id: str) -> None:
        """Read anew at the next look, since this process has just changed something."""
        kept = self._choices.get(company_id)
        if kept is not None:
            self._choices[company_id] = replace(kept, read_at=_LONG_AGO)

    @cached_property
    def _reader(self) -> ThreadPoolExecutor:
        # Made when first needed, so that a process that forks before then gets one of its own.
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="company-settings")

    def _read_anew(self, company_id: str, known: _Kept | None) -> _Kept:
        """Read; go on with what is known if the database lets us wait, as the reading ends by itself then."""
        reading = self._reading.get(company_id)
        if reading is not None and not reading.done():
            if known is not None:
                return known
        else:
            reading = self._reading[company_id] = self._reader.submit(self._read, company_id)
        try:
            return reading.result(_PATIENCE_S)
        except (NotYet, Unavailable) as error:
            _logger.warning("going on with the settings of %s that were known: %r", company_id, error)
            kept = _Kept(known.chosen if known else (StaffChoices(company_id), ()), self._ticks())
            self._choices[company_id] = kept
            return kept

    def _read(self, company_id: str) -> _Kept:
        read_at = self._ticks()
        with self._store.transaction(read_only=True) as tx:
            chosen = tx.company_settings.get(company_id), tuple(tx.company_settings.closed_days(company_id))
        known = self._choices.get(company_id)
        # The same object while nothing changes, so that the company made of it stays the same too.
        kept = _Kept(known.chosen if known is not None and known.chosen == chosen else chosen, read_at)
        self._choices[company_id] = kept
        return kept


def effective(company: Company, choices: StaffChoices, closed: tuple[ClosedDay, ...]) -> Company:
    """Lay what staff set over what the files say."""
    hours, on_holidays, four_eyes = choices.opening_hours, choices.closed_on_holidays, choices.four_eyes
    return replace(
        company,
        opening_hours=company.opening_hours if hours is None else hours,
        closed_on_holidays=company.closed_on_holidays if on_holidays is None else on_holidays,
        four_eyes=company.four_eyes if four_eyes is None else four_eyes,
        closed_days=company.closed_days | {one.day for one in closed},
        waiting_note=choices.waiting_note,
    )
