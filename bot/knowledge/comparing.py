"""Tell what changed from one version of a policy to the next, clause by clause."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.knowledge.clauses import Clause, ClauseKind, matching_form
from bot.knowledge.markers import read_marker
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
    apart = [(before[i:j], after[k:m]) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal"]
    gone = Counter(_place(clause) for removed, _ in apart for clause in removed)
    come = Counter(_place(clause) for _, added in apart for clause in added)
    moved_away, moved_here = gone & come, gone & come
    changes: list[ClauseChange] = []
    for removed, added in apart:
        changes.extend(_paired(_unmoved(removed, moved_away), _unmoved(added, moved_here)))
    return changes


def _unmoved(clauses: Sequence[Clause], moved: Counter[tuple[str, str]]) -> list[Clause]:
    """Leave out the clauses that only stand elsewhere in the other version, and count them off."""
    left = []
    for clause in clauses:
        if moved[_place(clause)]:
            moved[_place(clause)] -= 1
        else:
            left.append(clause)
    return left


def _clauses(tree: Clause) -> list[Clause]:
    return [node for node in tree.walk() if node.kind is not ClauseKind.ROOT and node.own_text]


def _key(clause: Clause) -> str:
    """Give the words of a clause without its number, which the source may write １．, (１) or 第二条."""
    return matching_form(read_marker(clause.own_text)[1] if clause.label else clause.own_text)


def _place(clause: Clause) -> tuple[str, str]:
    """Give the words of a clause and those it stands under: 電話番号 elsewhere may be another thing altogether."""
    return _key(clause), _key(clause.parent) if clause.parent is not None else ""


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
