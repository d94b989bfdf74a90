from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import Unavailable
from bot.storage.erasures import Erasure, ErasureLog
from tests.records import NOW

FIRST = Erasure("customers", "a" * 64, NOW)
SECOND = Erasure("conversations", "b" * 64, NOW + timedelta(hours=1))


def test_erasures_are_read_from_a_time_on(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path / "var" / "erasures.log")
    log.add([FIRST])
    log.add([SECOND])
    assert list(log.since(NOW)) == [FIRST, SECOND]
    assert list(log.since(NOW + timedelta(seconds=1))) == [SECOND]


def test_only_the_operator_may_read_it(tmp_path: Path) -> None:
    ErasureLog(tmp_path / "erasures.log").add([FIRST])
    assert (tmp_path / "erasures.log").stat().st_mode & 0o777 == 0o600


def test_nothing_noted_is_no_file(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path / "erasures.log")
    log.add([])
    assert not (tmp_path / "erasures.log").exists()
    assert list(log.since(NOW)) == []


def test_without_a_path_nothing_is_kept() -> None:
    log = ErasureLog(None)
    log.add([FIRST])
    assert list(log.since(NOW)) == []


def test_a_log_that_cannot_be_written_stops_the_erasure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="log of erasures"):
        ErasureLog(tmp_path / "file" / "erasures.log").add([FIRST])
