"""A published policy as a tree of clauses that together are its text, character for character."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property


class ClauseKind(Enum):
    """What a clause is to a reader."""

    ROOT = "root"
    TITLE = "title"
    SECTION = "section"
    ITEM = "item"
    PARAGRAPH = "paragraph"
    ROW = "row"
    TABLE = "table"
    GROUP = "group"


@dataclass(eq=False)
class Clause:
    """One clause: its own line(s), then its children; `source[start:end]` is its own part alone."""

    kind: ClauseKind
    source: str = field(repr=False)
    start: int
    end: int
    style: str = ""
    rank: float = 99.0
    level: int = 0
    indent: int = 0
    label: str = ""
    number: int | None = None
    heading: str = ""
    lines: list[str] = field(default_factory=list)
    is_marked_up: bool = False
    cells: tuple[str, ...] = ()
    children: list["Clause"] = field(default_factory=list, repr=False)
    parent: "Clause | None" = field(default=None, repr=False)
    citation: str = ""

    def walk(self) -> Iterator["Clause"]:
        """Yield this clause and all below it in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self) -> Iterator["Clause"]:
        """Yield the clauses this one lies in, nearest first, without the root."""
        above = self.parent
        while above is not None and above.kind is not ClauseKind.ROOT:
            yield above
            above = above.parent

    def add(self, child: "Clause") -> "Clause":
        """Put `child` last among the children."""
        child.parent = self
        self.children.append(child)
        return child

    def lies_in(self, other: "Clause") -> bool:
        """Tell whether this clause is `other` or below it."""
        return self is other or any(above is other for above in self.ancestors())

    @cached_property
    def last_end(self) -> int:
        """Give where the clause ends with all below it."""
        return self.children[-1].last_end if self.children else self.end

    @cached_property
    def own_text(self) -> str:
        """Give what a reader sees of the clause's own line(s)."""
        return "\n".join(self.lines).strip()

    @cached_property
    def text(self) -> str:
        """Give the clause with all below it: the very slice of the source, or what a reader sees of HTML."""
        return slice_text([self], self.start, self.last_end)

    @cached_property
    def own_key(self) -> str:
        """Give the own text in the form that patterns are matched against."""
        return matching_form(self.own_text)

    @cached_property
    def heading_key(self) -> str:
        """Give the heading in the form that patterns are matched against."""
        return matching_form(self.heading)

    @cached_property
    def key(self) -> str:
        """Give the whole text in the form that patterns are matched against."""
        return matching_form(self.text)

    @property
    def parent_is_top(self) -> bool:
        """Tell whether nothing that a citation names lies above."""
        return self.parent is None or self.parent.kind in {ClauseKind.ROOT, ClauseKind.TITLE}

    @cached_property
    def is_chapter(self) -> bool:
        """Tell whether this gathers articles, which are the clauses that a reader is shown."""
        return self.style == "chapter" and any(node.style == "article" for node in self.walk())

    @property
    def sole_paragraph(self) -> bool:
        """Tell whether this is all that its parent says beside the heading."""
        return (
            self.kind is ClauseKind.PARAGRAPH
            and self.parent is not None
            and self.parent.kind in {ClauseKind.SECTION, ClauseKind.ITEM}
            and len(self.parent.children) == 1
        )


def slice_text(clauses: list[Clause], start: int, end: int) -> str:
    """Give the text of neighbouring `clauses` between two places of the source."""
    nodes = [node for clause in clauses for node in clause.walk() if start <= node.start < end]
    if any(node.is_marked_up for node in nodes):
        return "\n".join(node.own_text for node in nodes if node.own_text)
    return nodes[0].source[start:end].strip() if nodes else ""


def matching_form(text: str) -> str:
    """Fold width and case and drop white space and Markdown emphasis, so that patterns stay simple."""
    return re.sub(r"[\s*`|]+", "", unicodedata.normalize("NFKC", text)).lower()
