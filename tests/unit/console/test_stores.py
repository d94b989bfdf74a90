from __future__ import annotations

from dataclasses import replace

import pytest

from bot.console.stores import stores_wanted
from bot.knowledge.company import CompanyStore
from bot.knowledge.library import PolicyLibrary
from bot.services.staff.records import Membership
from bot.services.staff.roles import Role
from bot.settings import ROOT

OKURA = replace(PolicyLibrary(ROOT / "data" / "policies").get("okura"), stores=(CompanyStore("shinjo", "新庄店"),))


@pytest.mark.parametrize(
    ("own", "asked", "expected"),
    [
        (None, "", None),
        (None, "shinjo", ("shinjo",)),
        (None, "none", ("",)),
        (None, "sakata", None),
        ("shinjo", "", ("shinjo", "")),
        ("shinjo", "none", ("shinjo", "")),
        ("shinjo", "sakata", ("shinjo", "")),
    ],
)
def test_a_list_is_narrowed_to_a_store_that_there_is_and_that_is_theirs(
    own: str | None, asked: str, expected: tuple[str, ...] | None
) -> None:
    assert stores_wanted(Membership("s1", "okura", Role.MANAGER, own), OKURA, asked) == expected
