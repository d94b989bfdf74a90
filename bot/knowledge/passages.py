"""Passages: clauses as they are shown, each making sense alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.knowledge.clauses import Clause, ClauseKind
from bot.knowledge.references import references_of

# In characters: a clause that is shown whole without being asked for; one that is narrowed; how much of the whole a
# part may be; what may stand above a passage; an introduction that says nothing alone; a passage that lives from what
# it refers to; a reference short enough to be shown with any passage, and with such a one.
SHORT, _LONG, _MOST_OF_IT = 400, 1200, 0.6
_TITLE, _NOTHING_SAID = 90, 25
_REFERS, _ASIDE, _RESOLVED = 200, 300, 600
# How much of a passage is shown to who finds it too long, and where it may be cut.
_OPENING, _ENDS = 120, re.compile(r"。|(?<=.)\n|$")
# A reader sees no # before a heading, and no - before an item that leads.
_HEADING_SIGN = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_LEADING_BULLET = re.compile(r"^[-*+][ \t]+(?=\S)")
_INTRODUCES = re.compile(r"以下|次の|下記|次に|とおり|通り|いずれか")


@dataclass(frozen=True)
class Passage:
    """A slice of the policy word for word, with the headings and introduction it stands under.

    `is_whole` marks the clause that the passage before it is an item of, `is_opening` the first words of a longer one.
    """

    citation: str
    text: str
    heading: tuple[str, ...] = ()
    references: tuple["Passage", ...] = ()
    is_whole: bool = False
    is_opening: bool = False


def passage_of(clause: Clause, root: Clause) -> Passage:
    """Show a clause with its headings and with what it refers to."""
    shown = _shown(clause)
    text = _clean(shown.text)
    references = tuple(
        Passage(reference.citation, _clean(reference.text), _headings(reference.targets[0]))
        for reference in references_of(shown, root)
        if reference.targets and len(reference.text) <= (_RESOLVED if len(text) <= _REFERS else _ASIDE)
    )
    return Passage(_citation(shown), text, _headings(shown), references)


def _shown(clause: Clause) -> Clause:
    """Give the section for its only paragraph, so that the heading comes along."""
    while clause.sole_paragraph and clause.parent is not None:
        clause = clause.parent
    return clause


def _citation(clause: Clause) -> str:
    """Cite （目的） above 第1条 by the article that it heads."""
    if clause.style == "parens-title" and clause.children:
        first, last = clause.children[0], clause.children[-1]
        return first.citation if first is last else f"{first.citation}～{last.citation}"
    return clause.citation or clause.heading


def _headings(clause: Clause) -> tuple[str, ...]:
    """Give what stands above a clause, outermost first, each piece as published."""
    found: list[str] = []
    below = clause
    for above in clause.ancestors():
        if introduction := _introduction(below):
            found.append(introduction)
        if above.kind is not ClauseKind.TITLE and (title := _title(above)):
            found.append(title)
        below = above
    return tuple(reversed(found))


def _title(clause: Clause) -> str:
    """Give what a clause says itself where that is no longer than a title, else its heading."""
    pieces = (_clean(clause.own_text), _clean(clause.heading))
    return next((piece for piece in pieces if len(piece) <= _TITLE), "")


def _introduction(clause: Clause) -> str:
    """Give the short paragraph that introduces the list of which the clause is an item."""
    if clause.kind in {ClauseKind.PARAGRAPH, ClauseKind.GROUP} or clause.parent_is_top or clause.parent is None:
        return ""
    beside = clause.parent.children
    before = beside[: beside.index(clause)]
    paragraphs = [_clean(node.own_text) for node in before if node.kind is ClauseKind.PARAGRAPH]
    if not paragraphs or not _INTRODUCES.search(paragraphs[-1]):
        return ""
    # その内容は以下のとおりです。 alone says nothing: the paragraph before it comes along.
    said = "\n".join(paragraphs[-2:] if len(paragraphs[-1]) <= _NOTHING_SAID else paragraphs[-1:])
    return said if len(said) <= _TITLE else ""


def _clean(text: str) -> str:
    return _LEADING_BULLET.sub("", _HEADING_SIGN.sub("", text.strip())).strip()


def opening(text: str) -> str:
    """Give the first sentences or lines of a passage, as many as are short; at least one."""
    ends = [match.end() for match in _ENDS.finditer(text)] or [len(text)]
    return text[: max((end for end in ends if end <= _OPENING), default=ends[0])].strip()


def enclosing(clause: Clause) -> Clause | None:
    """Give the whole clause that a part belongs to, when it is short and says more than the part."""
    shown = _shown(clause)
    whole: Clause | None = None
    for above in shown.ancestors():
        if above.kind is ClauseKind.TITLE or above.is_chapter or len(above.text) > SHORT:
            break
        if above.kind is not ClauseKind.TABLE:
            whole = above
    return whole if whole is not None and len(shown.text) < _MOST_OF_IT * len(whole.text) else None


def beyond(clause: Clause) -> Clause | None:
    """Give the nearest clause that holds this one and says more; None for what stands alone."""
    shown = _shown(clause)
    for above in shown.ancestors():
        cited = above.citation and above.kind not in {ClauseKind.TITLE, ClauseKind.TABLE} and not above.is_chapter
        if cited and len(shown.text) < _MOST_OF_IT * len(above.text):
            return above
    return None


def narrow(clause: Clause, similarity: Callable[[Clause], float]) -> list[Clause]:
    """Give a clause whole, or of a long one or a chapter the parts nearest to the question that are short enough."""
    if (len(clause.text) <= _LONG and not clause.is_chapter) or not clause.children:
        return [clause]
    parts = sorted(clause.children, key=similarity, reverse=True)
    return narrow(parts[0], similarity)
