from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from bot.console.japanese import clock_time, day, iso, long_day, moment, span
from bot.console.visitors import device_of

LATE = datetime(2026, 11, 21, 20, 5, tzinfo=timezone.utc)


def test_days_and_times_are_japans() -> None:
    assert moment(LATE) == "11月22日(日) 5時05分"
    assert clock_time(LATE) == "5時05分"
    assert day(date(2026, 11, 22)) == "11月22日(日)"
    assert long_day(date(2026, 11, 22)) == "2026年11月22日(日)"
    assert iso(LATE) == "2026-11-22T05:05:00+09:00"
    assert iso(date(2026, 11, 22)) == "2026-11-22"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0分"), (59, "0分"), (180, "3分"), (3600, "1時間"), (7500, "2時間5分"), (400_000, "4日")],
)
def test_how_long_something_takes(seconds: float, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0", "Edge（Windows）"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36", "Chrome（Windows）"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari（iPhone）"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Firefox/140.0", "Firefox（Mac）"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Mobile Safari/537.36", "Chrome（Android）"),
        ("", "ブラウザ"),
        ("<script>", "ブラウザ"),
    ],
)
def test_a_device_is_named_as_staff_know_it(user_agent: str, words: str) -> None:
    assert device_of(user_agent) == words
