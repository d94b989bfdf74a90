from __future__ import annotations

import pytest

from bot.knowledge.library import PolicyLibrary
from bot.services.casework.clauses import MOST, find_clauses
from bot.settings import ROOT

POLICY = PolicyLibrary(ROOT / "data" / "policies").get("okura").policy


def test_a_heading_goes_before_what_only_speaks_of_it() -> None:
    found = find_clauses(POLICY, "共同利用")
    assert [passage.citation for passage in found][:4] == ["7.", "7.(1)", "7.(2)", "7.(3)"]
    assert len(found) <= MOST


@pytest.mark.parametrize("wanted", ["共同利用", "リコール", "開示", "安全管理"])
def test_every_clause_stands_in_the_policy_word_for_word(wanted: str) -> None:
    found = find_clauses(POLICY, wanted)
    assert found
    for passage in found:
        assert passage.text in POLICY.text
        assert passage.citation


@pytest.mark.parametrize("wanted", ["", "  ", "ゾウのえさ"])
def test_nothing_is_found_where_there_is_nothing(wanted: str) -> None:
    assert find_clauses(POLICY, wanted) == []
