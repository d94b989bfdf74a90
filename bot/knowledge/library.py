"""All companies of data/policies, reloaded when their files change."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import NotFound
from bot.knowledge.company import Company, CompanyFileError, load_company

_logger = logging.getLogger(__name__)
_CHECK_EVERY_SECONDS = 1.0
_Stamp = tuple[tuple[int, int], ...]


class UnknownCompanyError(NotFound):
    """No company with that id has a folder."""


@dataclass
class _Held:
    company: Company | None
    stamp: _Stamp
    checked: float


class PolicyLibrary:
    """Gives companies by id; a broken new version of a file keeps the old one in use."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()

    def ids(self) -> list[str]:
        """Give the ids of all companies, sorted."""
        return sorted(path.parent.name for path in self._folder.glob("*/company.yml"))

    def missing_file(self, company_id: str) -> Path | None:
        """Name the file for want of which a folder is no company yet; None where there is no such folder."""
        wanted = self._folder / company_id / "company.yml"
        return wanted if company_id and wanted.parent.is_dir() and not wanted.exists() else None

    def get(self, company_id: str) -> Company:
        """Give a company as its files are now, or were when they last made sense."""
        with self._lock:
            held = self._held.get(company_id)
            now = self._clock()
            if held is None or now - held.checked >= _CHECK_EVERY_SECONDS:
                held = self._refresh(company_id, held, now)
            if held.company is None:
                raise UnknownCompanyError(f"no company {company_id!r} in {self._folder}")
            return held.company

    def _refresh(self, company_id: str, held: _Held | None, now: float) -> _Held:
        if company_id not in self.ids():
            self._held.pop(company_id, None)
            raise UnknownCompanyError(f"no company {company_id!r} in {self._folder}")
        stamp = _stamp(self._folder / company_id)
        if held is None or held.stamp != stamp:
            held = _Held(self._load(company_id, held), stamp, now)
            self._held[company_id] = held
        held.checked = now
        return held

    def _load(self, company_id: str, held: _Held | None) -> Company:
        try:
            return load_company(self._folder / company_id)
        except Exception as error:  # Whatever a new file makes the parser do, the desk goes on with the old one.
            if held is None or held.company is None:
                raise
            trace = not isinstance(error, CompanyFileError)
            _logger.error("keeping the last good version of %s: %s", company_id, error, exc_info=trace)
            return held.company


def _stamp(folder: Path) -> _Stamp:
    stats = (path.stat() for name in ("company.yml", "policy.md") if (path := folder / name).exists())
    return tuple((stat.st_mtime_ns, stat.st_size) for stat in stats)
