"""Build the clause tree of a published policy, whatever its numbering."""

import re
from collections.abc import Sequence

from bot.knowledge.citations import cite_all
from bot.knowledge.clauses import Clause, ClauseKind
from bot.knowledge.lines import Line, is_title, plain_heading, read_lines
from bot.knowledge.markers import Marker
from bot.knowledge.segments import segments_of
from bot.knowledge.wrapping import unwrapped

_SHORT_INTRODUCTION = 25


def parse(source: str) -> Clause:
    """Give the tree of `source`; its clauses in order give the text back, character for character."""
    return _Builder(source).build()


class _Builder:
    def __init__(self, source: str) -> None:
        self.source = source
        self.root = Clause(ClauseKind.ROOT, source, 0, 0)
        self.top = self.last = self.root
        self.titled = False

    def build(self) -> Clause:
        lines = unwrapped(read_lines(segments_of(self.source)))
        for index, line in enumerate(lines):
            if line.segment.is_blank:
                self.last.end = line.segment.end
                self.last.is_marked_up |= line.segment.is_marked_up
            else:
                self._place(line, lines, index)
        cite_all(self.root)
        return self.root

    def _place(self, line: Line, lines: Sequence[Line], index: int) -> None:
        previous = lines[index - 1] if index else None
        self._leave_closed_lists(line, lines, index)
        if line.is_structural:
            self._open(line, lines, index)
        elif line.segment.cells:
            self._add_row(line, previous)
        else:
            self._add_paragraph(line, lines, index)

    def _leave_closed_lists(self, line: Line, lines: Sequence[Line], index: int) -> None:
        """Leave the lists of HTML whose tags end above `line`, but for one whose numbers go on below it."""
        while line.segment.is_marked_up and self.top.is_marked_up and self.top.indent > line.segment.indent:
            if self.top.parent is None or _goes_on(self.top, lines, index):
                break
            self.top = self.top.parent

    # -- structural lines ---------------------------------------------------------------------------

    def _open(self, line: Line, lines: Sequence[Line], index: int) -> None:
        if not self.titled and self._is_title(line, lines, index):
            self._add(self.root, ClauseKind.TITLE, line, style="title", rank=0.0)
            self.titled = True
            return
        marker, style, rank = line.marker, line.style, line.rank
        if line.segment.level:
            parent = self._below_headings(line.segment.level)
        elif marker is not None and (sibling := self._sibling(line, marker)) is not None:
            parent = sibling.parent or self.root
            if style != sibling.style:
                style, rank = sibling.style, sibling.rank
        else:
            parent = self._parent_by_rank(line, lines, index)
        if self._restarts(parent, line):
            parent = self._group(parent)
        self._add(parent, ClauseKind.ITEM if _is_item(line) else ClauseKind.SECTION, line, style, rank)

    def _is_title(self, line: Line, lines: Sequence[Line], index: int) -> bool:
        numbered = line.marker is not None and line.marker.number is not None
        if numbered or not line.is_heading or not is_title(line.heading):
            return False
        opened = sum(1 for earlier in lines[:index] if earlier.is_structural)
        following = next((later for later in lines[index + 1 :] if later.is_structural), None)
        alone = following is None or following.style != line.style
        first = all(earlier.segment.is_blank for earlier in lines[:index])
        return opened == 0 and (alone or line.segment.level == 1 or (first and line.style == "plain"))

    def _below_headings(self, level: int) -> Clause:
        node = self.top
        while node.parent is not None and not (0 < node.level < level or node.kind is ClauseKind.TITLE):
            node = node.parent
        return node

    def _chain(self) -> list[Clause]:
        """Give the open clauses, innermost first, up to the nearest Markdown or HTML heading."""
        chain: list[Clause] = []
        node: Clause | None = self.top
        while node is not None and node.kind is not ClauseKind.ROOT:
            chain.append(node)
            if node.level:
                break
            node = node.parent
        return chain

    def _sibling(self, line: Line, marker: Marker) -> Clause | None:
        """Find the open clause of the same list that this line follows; None when it starts a list."""
        chain = [node for node in self._chain() if not node.level]
        same = [node for node in chain if node.style == marker.style]
        if not same and line.is_heading and (kin := [node for node in chain if _goes_on_unlike(node, marker)]):
            return kin[0]
        if marker.number is None:
            indent = line.segment.indent
            deeper = not same or indent > same[0].indent
            return None if deeper else next((node for node in same if node.indent <= indent), same[-1])
        following = [node for node in same if node.number is not None and node.number + 1 == marker.number]
        if len(following) > 1:
            as_heading = [node for node in following if bool(node.heading) == line.is_heading]
            following = as_heading or following
        if following:
            return following[0]
        if same and marker.number == 1 and self._starts_nested(line, same[0]):
            return None
        return same[0] if same else None

    def _starts_nested(self, line: Line, outer: Clause) -> bool:
        """Tell whether a list that starts at 1 again lies inside the open clause of the same style."""
        return bool(outer.heading) and not line.is_heading and self.top.lies_in(outer)

    def _restarts(self, parent: Clause, line: Line) -> bool:
        """Tell whether a second list of the same style starts at 1 under the same parent."""
        if line.segment.level or line.marker is None or line.marker.number != 1 or line.marker.rank < 4:
            return False
        earlier = [child for child in parent.children if child.style == line.marker.style]
        between = bool(parent.children) and parent.children[-1].kind is ClauseKind.PARAGRAPH
        return any((child.number or 0) >= (1 if between else 2) for child in earlier)

    def _group(self, parent: Clause) -> Clause:
        """Open a group for a restarted list and take its introduction in."""
        if parent.kind is ClauseKind.GROUP and parent.parent is not None:
            parent = parent.parent
        trailing: list[Clause] = []
        while parent.children and parent.children[-1].kind is ClauseKind.PARAGRAPH and len(trailing) < 2:
            if trailing and len(trailing[-1].own_text) > _SHORT_INTRODUCTION:
                break
            trailing.append(parent.children.pop())
        start = trailing[-1].start if trailing else self.last.end
        group = parent.add(Clause(ClauseKind.GROUP, self.source, start, start, style="group", rank=5.9))
        for paragraph in reversed(trailing):
            group.add(paragraph)
        if not trailing:
            self.last = group
        return group

    def _parent_by_rank(self, line: Line, lines: Sequence[Line], index: int) -> Clause:
        """Find where a list that just starts belongs: under the nearest open clause of an outer style."""
        rank = line.rank
        for node in self._chain():
            if node.level or node.kind is ClauseKind.TITLE or node.rank < rank:
                return node
            if node.style == line.style and line.segment.indent > node.indent:
                return node
            if node.rank == rank and (node.style == line.style or _starts_in(node, line)):
                return node
            if node.number is not None and node.rank < 9 and _goes_on(node, lines, index):
                return node
            if _starts_in(node, line) and _has_before(node, line.style):
                return node
            if line.marker is not None and line.marker.number is None and (_is_empty(node) or _announces(node)):
                return node
        titles = [child for child in self.root.children if child.kind is ClauseKind.TITLE]
        return titles[-1] if titles else self.root

    # -- everything else ----------------------------------------------------------------------------

    def _add_row(self, line: Line, previous: Line | None) -> None:
        """Put a table's row under its table, and a definition row under the clause that lists it."""
        table = self.last if self.last.kind is ClauseKind.TABLE else self.last.parent
        adjoins = previous is not None and (bool(previous.segment.cells) or previous.segment.is_blank)
        if not (adjoins and table is not None and table.kind is ClauseKind.TABLE) or line.segment.is_header:
            table = self._add(self._paragraph_parent(line, False), ClauseKind.TABLE, line, keep_top=True)
            if line.segment.is_header:
                return
            table.end, table.lines = table.start, []
        row = self._add(table, ClauseKind.ROW, line, keep_top=True)
        row.cells = line.segment.cells
        row.heading = plain_heading(line.segment.cells[0])

    def _add_paragraph(self, line: Line, lines: Sequence[Line], index: int) -> None:
        goes_on = self.top.number is not None and _goes_on(self.top, lines, index)
        parent = self._paragraph_parent(line, goes_on)
        self._add(parent, ClauseKind.PARAGRAPH, line, keep_top=True)

    def _paragraph_parent(self, line: Line, goes_on: bool) -> Clause:
        """Leave the items of a list that has ended: a paragraph after a blank line is no part of them."""
        node = self.top
        if goes_on or not line.segment.blank_before:
            return node
        while node.parent is not None and (node.kind is ClauseKind.ITEM or _ends_bare_list(node)) and node.rank >= 4:
            node = node.parent
        if node.kind is ClauseKind.GROUP and node.parent is not None:
            node = node.parent
        self.top = node
        return node

    def _add(
        self,
        parent: Clause,
        kind: ClauseKind,
        line: Line,
        style: str = "",
        rank: float | None = None,
        keep_top: bool = False,
    ) -> Clause:
        segment, marker = line.segment, line.marker
        node = Clause(
            kind,
            self.source,
            segment.start,
            segment.end,
            style=style or line.style,
            rank=line.rank if rank is None else rank,
            level=segment.level,
            indent=segment.indent,
            label=marker.label if marker else "",
            number=marker.number if marker else None,
            heading=line.heading,
            lines=[segment.text],
            is_marked_up=segment.is_marked_up,
        )
        if kind is ClauseKind.PARAGRAPH or kind in {ClauseKind.TABLE, ClauseKind.ROW}:
            node.heading, node.number = "", None
        if self.last is self.root and self.root.end < segment.start:
            self.root.end = segment.start
        parent.add(node)
        self.last = node
        if not keep_top:
            self.top = node
        return node


def _is_item(line: Line) -> bool:
    return not line.segment.level and not line.heading


def _ends_bare_list(node: Clause) -> bool:
    """Tell whether the clause is the last of a list of mere phrases, none with words of its own below."""
    beside = node.parent.children if node.parent is not None else []
    same = [child for child in beside if child.style == node.style]
    return not node.level and len(same) > 1 and not any(child.children for child in same)


def _is_empty(node: Clause) -> bool:
    return bool(node.heading) and not node.children


def _announces(node: Clause) -> bool:
    """Tell whether the clause points at what comes right below it, like 下記お問い合わせ窓口."""
    below = node.children[0] if len(node.children) == 1 else node
    return below.kind is ClauseKind.PARAGRAPH and bool(re.search(r"下記|以下の|次の", below.own_text))


def _goes_on_unlike(node: Clause, marker: Marker) -> bool:
    """Tell whether `marker` goes on with the list of `node` though it lost or gained the dot: ２． and ３."""
    unlike = {node.style, marker.style} == {"bare", "decimal"}
    return unlike and node.number is not None and node.number + 1 == marker.number


def _starts_in(node: Clause, line: Line) -> bool:
    """Tell whether a numbered list starts below another: which of two lists of one rank is the inner one."""
    return node.number is not None and line.marker is not None and line.marker.number == 1


def _has_before(node: Clause, style: str) -> bool:
    """Tell whether an earlier clause of the same list holds a list of `style`."""
    beside = node.parent.children if node.parent is not None else []
    return any(below.style == style for child in beside if child.style == node.style for below in child.children)


def _goes_on(node: Clause, lines: Sequence[Line], index: int) -> bool:
    """Tell whether the list of `node` goes on after the line at `index`, before anything outer starts."""
    for later in lines[index + 1 :]:
        if later.segment.level:
            return False
        marker = later.marker
        if marker is None or later.segment.is_blank or marker.style == lines[index].style != node.style:
            continue
        if marker.style == node.style:
            return marker.number == (node.number or 0) + 1
        if marker.rank < node.rank and marker.number is not None:
            return False
    return False
