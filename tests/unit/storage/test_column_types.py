from __future__ import annotations

from datetime import datetime, timezone

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from bot.privacy.due_dates import JST
from bot.privacy.request_types import Level
from bot.privacy.statuses import Status
from bot.storage.column_types import EnumValue, Sealed, TextTuple, UtcDateTime

SQLITE, POSTGRESQL = sqlite.dialect(), postgresql.dialect()
NOON_IN_JAPAN = datetime(2026, 6, 2, 12, 0, tzinfo=JST)
THREE_UTC = datetime(2026, 6, 2, 3, 0, tzinfo=timezone.utc)


def test_times_are_kept_in_utc() -> None:
    kind = UtcDateTime()
    assert kind.process_bind_param(NOON_IN_JAPAN, SQLITE) == THREE_UTC.replace(tzinfo=None)
    assert kind.process_bind_param(NOON_IN_JAPAN, POSTGRESQL) == THREE_UTC
    assert kind.process_bind_param(None, SQLITE) is None


def test_times_come_back_aware_and_in_utc() -> None:
    kind = UtcDateTime()
    for kept in (THREE_UTC.replace(tzinfo=None), NOON_IN_JAPAN):
        assert kind.process_result_value(kept, SQLITE) == THREE_UTC
        assert kind.process_result_value(kept, SQLITE).tzinfo is timezone.utc
    assert kind.process_result_value(None, SQLITE) is None


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 6, 2), SQLITE)


def test_members_go_and_come_back() -> None:
    assert EnumValue(Status).process_bind_param(Status.OPEN, SQLITE) == "open"
    assert EnumValue(Status).process_result_value("open", SQLITE) is Status.OPEN
    assert EnumValue(Level).process_bind_param(Level.CODE, SQLITE) == "2"
    assert EnumValue(Level).process_result_value("2", SQLITE) is Level.CODE


def test_what_is_no_member_is_refused() -> None:
    with pytest.raises(ValueError, match="closed"):
        EnumValue(Status).process_bind_param("closed", SQLITE)


def test_tuples_come_back_as_tuples() -> None:
    kept = TextTuple().process_bind_param(("a", "b"), SQLITE)
    assert TextTuple().process_result_value(kept, SQLITE) == ("a", "b")


@pytest.mark.parametrize(("shape", "value"), [(str, "髙"), (dict, {"a": {"b": ["髙"]}}), (tuple, ("髙", "b"))])
def test_sealed_values_have_a_text(shape: type, value: object) -> None:
    kind = Sealed(shape)
    text = kind.pack(value)
    assert isinstance(text, str)
    assert "髙" in text
    assert kind.unpack(text) == value
