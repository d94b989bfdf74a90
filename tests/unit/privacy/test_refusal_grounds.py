import pytest

from bot.privacy.refusal_grounds import UnknownGround, grounds_for, refusal_ground
from bot.privacy.request_types import REQUEST_TYPES


def test_every_type_but_marketing_has_a_ground():
    without = [kind.id for kind in REQUEST_TYPES if not grounds_for(kind.id)]
    assert without == ["stop_marketing"]


def test_a_ground_fits_its_types_only():
    assert refusal_ground("content_correct", "correction").article == "34条2項"
    with pytest.raises(UnknownGround, match="content_correct"):
        refusal_ground("content_correct", "disclosure")
    with pytest.raises(UnknownGround):
        refusal_ground("because", "disclosure")
