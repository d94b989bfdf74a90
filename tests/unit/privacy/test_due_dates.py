from datetime import date, datetime, timedelta, timezone

import pytest

from bot.privacy.due_dates import asks_how_long, business_days_left, due_date, jst_date, jst_midnight, reminder_dates


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2026, 6, 1, 14, 59, tzinfo=timezone.utc), date(2026, 6, 1)),
        (datetime(2026, 6, 1, 15, 0, tzinfo=timezone.utc), date(2026, 6, 2)),
    ],
)
def test_a_day_begins_at_midnight_in_japan(utc: datetime, day: date) -> None:
    assert jst_date(utc) == day


def test_a_day_begins_with_its_midnight_and_not_before() -> None:
    midnight = jst_midnight(date(2026, 6, 2))
    assert jst_date(midnight) == date(2026, 6, 2)
    assert jst_date(midnight - timedelta(microseconds=1)) == date(2026, 6, 1)


def test_a_request_is_due_on_a_business_day_within_the_promise() -> None:
    tuesday = datetime(2026, 6, 2, 1, tzinfo=timezone.utc)
    assert due_date(tuesday, 14, is_weekday) == date(2026, 6, 16)
    # The 20th is a Saturday: the promise falls on the Friday before, never on the Monday after.
    assert due_date(tuesday, 18, is_weekday) == date(2026, 6, 19)


def test_a_company_that_never_works_again_still_has_a_due_date() -> None:
    received = datetime(2026, 6, 2, 1, tzinfo=timezone.utc)
    assert due_date(received, 3, lambda day: False) == date(2026, 6, 2)


def test_staff_are_reminded_at_half_and_three_quarters() -> None:
    assert reminder_dates(date(2026, 6, 1), date(2026, 6, 15), lambda day: True) == (
        date(2026, 6, 8),
        date(2026, 6, 11),
    )


def test_a_reminder_comes_before_the_days_on_which_nobody_works() -> None:
    received, due = date(2026, 12, 23), date(2027, 1, 6)
    closed = {date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)}
    half, three_quarters = reminder_dates(received, due, lambda day: day not in closed)
    assert (half, three_quarters) == (date(2026, 12, 29), date(2026, 12, 29))
    assert reminder_dates(received, due, lambda day: False) == (received, received)


def test_business_days_left_leave_weekends_out() -> None:
    friday, monday = date(2026, 6, 5), date(2026, 6, 8)
    assert business_days_left(friday, monday, is_weekday) == 1
    assert business_days_left(friday, friday, is_weekday) == 0
    assert business_days_left(monday, friday, is_weekday) == -1
    # Past a due date on a Friday, Saturday is late already.
    assert business_days_left(date(2026, 6, 6), friday, is_weekday) == -1


@pytest.mark.parametrize(
    "text", ["開示は何日で終わりますか", "どのくらいかかるんですか", "いつごろ返事がもらえますか", "回答期限は？"]
)
def test_who_asks_how_long_it_takes(text: str) -> None:
    assert asks_how_long(text)


@pytest.mark.parametrize(
    "text", ["情報は何日保存しますか", "どのくらい残すのですか", "いくらかかりますか", "いつ改定しましたか"]
)
def test_who_asks_about_other_times_does_not(text: str) -> None:
    assert not asks_how_long(text)
