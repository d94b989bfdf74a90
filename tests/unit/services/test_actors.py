"""Who acts is named in one way, and read back from it."""

from __future__ import annotations

import pytest

from bot.bootstrap import build_phrases
from bot.services.actors import actor_words, holder_actor, machine_actor, machine_in, staff_actor, staff_in


def test_a_name_says_of_which_kind_its_id_is() -> None:
    assert (staff_in(staff_actor("s1")), machine_in(staff_actor("s1"))) == ("s1", "")
    assert (staff_in(machine_actor("m1")), machine_in(machine_actor("m1"))) == ("", "m1")


def test_who_holds_a_case_is_staff_unless_it_says_otherwise() -> None:
    assert holder_actor("s1") == staff_actor("s1")
    assert holder_actor(machine_actor("m1")) == machine_actor("m1")


@pytest.mark.parametrize(
    ("actor", "words"),
    [("staff:s1", "山田"), ("staff:gone", "退職した担当者"), ("customer", "お客さま"), ("new:x", "new:x")],
)
def test_staff_read_who_it_was(actor: str, words: str) -> None:
    assert actor_words(build_phrases(), actor, {"s1": "山田"}) == words
