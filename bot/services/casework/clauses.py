"""Clauses that staff put into an answer, word for word as published."""

from __future__ import annotations

from bot.knowledge.clauses import ClauseKind, matching_form
from bot.knowledge.passages import Passage, passage_of
from bot.knowledge.privacy_policy import PrivacyPolicy

MOST = 8
LONGEST = 1500
"""Characters of a clause: a longer one is found by its parts."""


def find_clauses(policy: PrivacyPolicy, wanted: str) -> list[Passage]:
    """Give clauses whose heading has the words first, then those that speak of them."""
    key = matching_form(wanted)
    if not key:
        return []
    headed = [
        clause
        for clause in policy.tree.walk()
        if clause.kind not in (ClauseKind.ROOT, ClauseKind.TITLE)
        and key in clause.heading_key
        and len(clause.text) <= LONGEST
    ]
    spoken = [hit.clause for hit in policy.index.search(wanted, MOST)]
    found = [passage_of(clause, policy.tree) for clause in [*headed, *spoken]]
    return list({passage.citation: passage for passage in found}.values())[:MOST]
