"""Name every clause so that no two of a policy share a name: 7.(3)⑤, 2.（共同利用）①, 前文."""

import re
from collections import Counter

from bot.knowledge.clauses import Clause, ClauseKind

# What is done to the data names a list: a word that する, の目的 or the like follows.
_WORD = re.compile(
    r"((?!個人|取得し)[一-龠々]{2,8}?)(?=する|いた|しま|し、|され|者|の目的|の範囲|の項目|に関|について)"
)
_COMMON = re.compile(r"当社|弊社|当院|当店|当会|本会|お客様|以下|上記|場合|規定|内容")


def cite_all(root: Clause) -> None:
    """Give each clause below `root` its citation."""
    for clause in root.walk():
        if clause.kind is ClauseKind.GROUP:
            clause.heading = group_name(clause)
    short = Counter(_short(clause) for clause in root.walk())
    for clause in root.walk():
        if clause.kind is not ClauseKind.ROOT:
            brief = _short(clause)
            clause.citation = brief if brief and short[brief] == 1 else _citation(clause)
    _tell_apart(root)


def _short(clause: Clause) -> str:
    """Name a numbered clause by numbers alone, leaving out headings without one: 1.⑧."""
    if not clause.label or clause.number is None:
        return ""
    if _names_itself(clause):
        return clause.label
    groups: list[Clause] = []
    for above in clause.ancestors():
        if above.number is not None or above.kind is ClauseKind.GROUP:
            groups.append(above)
        if _names_itself(above):
            break
    if any(above.kind is ClauseKind.GROUP for above in groups) or (not groups and clause.rank >= 6):
        return ""
    return "".join([*(above.label for above in reversed(groups)), clause.label])


def _names_itself(clause: Clause) -> bool:
    """Tell whether the label names the clause without what lies above: 1.2, and 第3条 in whatever chapter."""
    return clause.style.startswith("dotted") or clause.style == "article"


def _citation(clause: Clause) -> str:
    above = clause.parent.citation if clause.parent is not None else ""
    if clause.kind is ClauseKind.TITLE:
        return ""
    if clause.kind is ClauseKind.PARAGRAPH:
        return _paragraph(clause, above)
    if clause.kind is ClauseKind.GROUP:
        return f"{above}（{clause.heading}）"
    if clause.kind is ClauseKind.TABLE:
        return f"{above}（表{_ordinal(clause)}）" if above else f"表{_ordinal(clause)}"
    if clause.kind is ClauseKind.ROW and above.endswith("（表）"):
        above = above.removesuffix("（表）")
    return _joined(above, clause)


def _joined(above: str, clause: Clause) -> str:
    name = clause.label or (f"「{clause.heading}」" if clause.parent_is_top else f"（{clause.heading}）")
    if clause.label in {"・", "※"} or not (clause.label or clause.heading):
        return f"{above}{clause.label or '・'}{_ordinal(clause) or '1'}"
    if clause.label and re.match(r"^第.+[条章]$", clause.label) and above.startswith("第"):
        return clause.label if clause.label.endswith("条") else above + clause.label
    if clause.style.startswith("dotted"):
        return clause.label
    if above.startswith("「") and clause.number is not None and clause.rank < 5:
        return f"{above}{clause.label}"
    return f"{above}{name}"


def _ordinal(clause: Clause) -> str:
    beside = [child for child in clause.parent.children if child.style == clause.style] if clause.parent else []
    beside = [child for child in beside if child.kind is clause.kind]
    return str(beside.index(clause) + 1) if len(beside) > 1 else ""


def _paragraph(clause: Clause, above: str) -> str:
    number = _ordinal(clause)
    if above:
        return f"{above} 第{number}段落" if number else above + " 本文"
    beside = clause.parent.children if clause.parent is not None else []
    following = any(child.kind is not ClauseKind.PARAGRAPH for child in beside)
    if not following:
        return f"第{number or 1}段落"
    return f"前文 第{number}段落" if number else "前文"


def group_name(group: Clause) -> str:
    """Name a restarted list by the word that its introduction and its items repeat most."""
    introduction = "".join(child.own_text for child in group.children if child.kind is ClauseKind.PARAGRAPH)
    everything = introduction + "".join(child.heading or child.own_text for child in group.children)
    counts = Counter(
        word for word in _WORD.findall(_COMMON.sub("、", everything)) if word in introduction or not introduction
    )
    best = max(counts, key=lambda word: (counts[word], -introduction.find(word)), default="")
    return best or "つづき"


def _tell_apart(root: Clause) -> None:
    """Add the heading, then a count, to citations that the numbering of the policy leaves equal."""
    seen: Counter[str] = Counter()
    for clause in root.walk():
        if not clause.citation:
            continue
        seen[clause.citation] += 1
        if seen[clause.citation] > 1:
            old = clause.citation
            clause.citation = f"{old}（{clause.heading or f'{seen[old]}つ目'}）"
            if seen[clause.citation]:
                clause.citation = f"{old}（{seen[old]}つ目）"
            seen[clause.citation] += 1
            for below in clause.walk():
                if below is not clause and below.citation.startswith(old):
                    below.citation = clause.citation + below.citation[len(old) :]
