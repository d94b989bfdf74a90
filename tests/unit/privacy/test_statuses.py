from itertools import product

import pytest

from bot.privacy.statuses import ENDED, TRANSITIONS, Status, TransitionError, check_transition

LIVE = {Status.OPEN, Status.IN_PROGRESS}


def test_every_status_has_its_following_ones() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert set(Status) - LIVE == ENDED


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_only_what_is_alive_changes_and_only_into_something_else(before: Status, after: Status) -> None:
    if before in LIVE and before is not after:
        check_transition(before, after)
    else:
        with pytest.raises(TransitionError, match=f"{before.value} can't become {after.value}"):
            check_transition(before, after)
