from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.urgency import urgency

NOW = datetime(2026, 6, 2, tzinfo=timezone.utc)
things = st.builds(
    urgency,
    st.booleans(),
    st.integers(-1000, 1000).map(lambda hours: NOW + timedelta(hours=hours)),
    st.text("abc", max_size=3),
)


@given(st.lists(things))
def test_leaks_come_first_and_then_what_is_due_first(queue: list) -> None:
    ordered = sorted(queue)
    leaks = [thing for thing in ordered if not thing.calm]
    assert ordered[: len(leaks)] == leaks
    for part in (leaks, ordered[len(leaks) :]):
        assert [thing.due for thing in part] == sorted(thing.due for thing in part)


@given(st.lists(things), st.randoms())
def test_the_order_is_the_same_however_the_things_come(queue: list, random) -> None:
    shuffled = list(queue)
    random.shuffle(shuffled)
    assert sorted(shuffled) == sorted(queue)


@given(things, things)
def test_what_is_late_comes_before_what_is_not_unless_that_is_a_leak(one, other) -> None:
    if one.due < NOW <= other.due and (other.calm or not one.calm):
        assert one < other
