"""Tell what changed from one version of a policy to the next, clause by clause."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.knowledge.clauses import Clause, ClauseKind, matching_form
from bot.knowledge.privacy_policy import PrivacyPolicy

_ALIKE = 0.6


@dataclass(frozen=True)
class ClauseChange:
    """One clause added, removed or changed; the old side is empty for one added, the new for one removed."""

    kind: str
    old_citation: str
    old_text: str
    new_citation: str
    new_text: str


def compare(old: PrivacyPolicy, new: PrivacyPolicy) -> list[ClauseChange]:
    """Give the changes in the order of the text; moved or renumbered clauses with equal words are no change."""
    before, after = _clauses(old.tree), _clauses(new.tree)
    matcher = SequenceMatcher(None, [_key(clause) for clause in before], [_key(clause) for clause in after], False)
    changes: list[ClauseChange] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            changes.extend(_paired(before[start:end], after[new_start:new_end]))
    return changes


def _clauses(tree: Clause) -> list[Clause]:
    return [node for node in tree.walk() if node.kind is not ClauseKind.ROOT and node.own_text]


def _key(clause: Clause) -> str:
    return matching_form(clause.own_text.removeprefix(clause.label))


def _paired(removed: Sequence[Clause], added: Sequence[Clause]) -> list[ClauseChange]:
    """Pair each removed clause with the added one that is most alike; what has no pair was added or removed."""
    left = list(added)
    changes = []
    for clause in removed:
        best = max(left, key=lambda other: _likeness(clause, other), default=None)
        if best is not None and _likeness(clause, best) >= _ALIKE:
            left.remove(best)
            changes.append(ClauseChange("changed", clause.citation, clause.own_text, best.citation, best.own_text))
        else:
            changes.append(ClauseChange("removed", clause.citation, clause.own_text, "", ""))
    return [*changes, *(ClauseChange("added", "", "", clause.citation, clause.own_text) for clause in left)]


def _likeness(one: Clause, other: Clause) -> float:
    return SequenceMatcher(None, _key(one), _key(other), False).ratio()
