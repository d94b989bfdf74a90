"""Cut published text into the lines that a reader sees, without losing a character."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.knowledge.markup import ANY_TAG, BLOCK_TAG, UNSEEN, is_marked_up, visible

_TOKEN = re.compile(rf"{UNSEEN.pattern}|{ANY_TAG.pattern}|\n", re.IGNORECASE | re.DOTALL)
_TAG_NAME = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_TABLE_CELL = re.compile(r"<(t[dh])\b[^>]*>(.*?)(?=</t[dh]\s*>|<t[dh]\b|</tr|$)", re.IGNORECASE | re.DOTALL)
_MARKDOWN_HEADING = re.compile(r"^(#{1,6})[ \t　]*(\S.*?)[ \t]*#*$")
_PIPE = re.compile(r"(?<!\\)\|")
_PIPE_RULE = re.compile(r"^\|?[ \t]*:?-{2,}:?[ \t]*(\|[ \t]*:?-{2,}:?[ \t]*)*\|?$")
_RULE = re.compile(r"^([-*_=＝─━―]\s*){3,}$")
# What columns are called; a row's own value is rarely one of these.
_COLUMN = re.compile(
    r"^No\.?$|^番号$|(?:種類|種別|区分|分類|項目|内容|名称|期間|期限|年限|時期|目的|方法|処分|手数料|料金|金額|費用|部数|通数|"
    r"書類|対象|範囲|提供先|委託先|送信先|相手先|相手|根拠|理由|備考|摘要|具体例)$",
    re.IGNORECASE,
)
_COLUMN_NAME = 6
_LINE_BREAK = re.compile(r"<br(?:\s[^<>]*|/)?>[ \t]*\r?\n?", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(start|type)\s*=\s*[\"']?(\w+)", re.IGNORECASE)
_DASH = r"[-‐–—―－ー−]"
_PAGES = r"[0-9０-９]{1,3}"
_PAGE_NUMBER = re.compile(
    rf"{_DASH}\s*{_PAGES}\s*{_DASH}|(?:page\s*)?{_PAGES}\s*(?:/|／|of)\s*{_PAGES}\s*(?:ページ|頁)?"
    rf"|{_PAGES}\s*(?:ページ|頁)|page\s*{_PAGES}",
    re.IGNORECASE,
)
# An item of a definition row starts at a ・ that follows white space; 来店・商談 is one word.
_ROW_ITEM = re.compile(r"(?<=[\t 　])(?=・)")


@dataclass(frozen=True)
class Segment:
    """One visible line of the source, or the invisible matter between two lines."""

    start: int
    end: int
    text: str
    level: int = 0
    indent: int = 0
    blank_before: bool = True
    cells: tuple[str, ...] = ()
    is_header: bool = False
    list_number: int | None = None
    list_type: str = "1"
    is_marked_up: bool = False
    is_row_item: bool = False
    is_term: bool = False

    @property
    def is_blank(self) -> bool:
        """Tell whether a reader sees nothing of it."""
        return not self.text


def segments_of(source: str) -> list[Segment]:
    """Give contiguous segments that together are exactly `source`."""
    lists = _Lists()
    found: list[Segment] = []
    blank_before = True
    for start, end in _spans(source):
        segment = _segment(source, start, end, blank_before, lists)
        found.extend(_split_row(source, segment))
        raw = source[start:end]
        if not _is_page_number(raw.strip()):
            broken = not segment.is_blank and any(match.end() == len(raw) for match in _LINE_BREAK.finditer(raw))
            blank_before = segment.is_blank or (segment.is_marked_up and not broken)
    return _with_headers(found)


def _spans(source: str) -> Iterator[tuple[int, int]]:
    previous = 0
    for cut in [*_cuts(source), len(source)]:
        if cut > previous:
            yield previous, cut
            previous = cut


def _cuts(source: str) -> Iterator[int]:
    """Find where lines end: at line feeds in plain text, at block tags in HTML."""
    in_block = in_row = False
    for token in _TOKEN.finditer(source):
        text = token.group()
        if text == "\n":
            blank_line = source[token.end() :].split("\n", 1)[0].strip() == ""
            if not in_row and (not in_block or blank_line):
                in_block = False
                yield token.end()
        elif UNSEEN.fullmatch(text):
            if _stands_alone(source, token):
                yield from (token.start(), token.end())
        elif line_break := _LINE_BREAK.match(source, token.start()):
            if not in_row and not _in_pipe_row(source, token):
                yield line_break.end()
        elif BLOCK_TAG.fullmatch(text):
            is_end, name = _tag(text)
            in_row = in_row and name not in {"tr", "table"}
            if not in_row:
                yield token.end() if is_end else token.start()
            in_row = in_row or (name == "tr" and not is_end)
            in_block = not is_end


def _tag(text: str) -> tuple[bool, str]:
    match = _TAG_NAME.match(text)
    return (bool(match.group(1)), match.group(2).lower()) if match else (False, "")


def _stands_alone(source: str, token: re.Match[str]) -> bool:
    return not _line_before(source, token)


def _in_pipe_row(source: str, token: re.Match[str]) -> bool:
    return _line_before(source, token).startswith("|")


def _line_before(source: str, token: re.Match[str]) -> str:
    return source[source.rfind("\n", 0, token.start()) + 1 : token.start()].strip()


@dataclass
class _List:
    """An open list of HTML; `count` is None where its items have no numbers."""

    count: int | None
    type: str = "1"


class _Lists:
    """The HTML lists that are open at a place of the source, innermost last."""

    def __init__(self) -> None:
        self.open: list[_List] = []

    def read(self, raw: str) -> tuple[bool, int | None]:
        """Tell whether `raw` starts an item, give its number, and follow its list tags."""
        is_item, number = False, None
        for match in BLOCK_TAG.finditer(raw):
            is_end, name = _tag(match.group())
            if name in {"ul", "ol", "dl"} and is_end:
                del self.open[-1:]
            elif name == "ol":
                given = {key.lower(): value for key, value in _ATTRIBUTE.findall(match.group())}
                start = given.get("start", "")
                self.open.append(_List(int(start) - 1 if start.isdecimal() else 0, given.get("type", "1")))
            elif name in {"ul", "dl"}:
                self.open.append(_List(None))
            elif name == "li" and not is_end:
                is_item = True
                number = self._count()
        return is_item, number

    def _count(self) -> int | None:
        if not self.open or self.open[-1].count is None:
            return None
        self.open[-1].count += 1
        return self.open[-1].count


def _segment(source: str, start: int, end: int, blank_before: bool, lists: _Lists) -> Segment:
    raw = source[start:end]
    text = visible(raw)
    if is_marked_up(raw):
        return _html_segment(raw, start, end, text, blank_before, lists)
    indent = len(raw.replace("\t", "    ").replace("　", " ")) - len(
        raw.replace("\t", "    ").replace("　", " ").lstrip(" ")
    )
    text = text.lstrip(">＞").strip() if text.startswith("> ") else text
    if _is_page_number(text):
        return Segment(start, end, "", blank_before=blank_before, is_marked_up=True)
    if _RULE.match(text):
        return Segment(start, end, "", blank_before=blank_before)
    if heading := _MARKDOWN_HEADING.match(text):
        return Segment(start, end, heading.group(2), level=len(heading.group(1)), blank_before=True)
    return Segment(start, end, text, indent=indent, blank_before=blank_before, cells=_cells(text))


def _is_page_number(text: str) -> bool:
    """Tell whether a line is what a printer puts below a page; a sentence may go on behind it."""
    return bool(_PAGE_NUMBER.fullmatch(text))


def _html_segment(raw: str, start: int, end: int, text: str, blank_before: bool, lists: _Lists) -> Segment:
    raw = UNSEEN.sub("", raw)
    is_item, number = lists.read(raw)
    opened = [_tag(match.group()) for match in BLOCK_TAG.finditer(raw)]
    level = next((int(name[1]) for is_end, name in opened if not is_end and re.fullmatch("h[1-6]", name)), 0)
    cells = [(tag.lower(), visible(cell)) for tag, cell in _TABLE_CELL.findall(raw)]
    if is_item and number is None and text:
        text = f"・{text}" if not text.startswith("・") else text
    heading = _MARKDOWN_HEADING.match(text)
    return Segment(
        start,
        end,
        heading.group(2) if heading else text,
        level=level or (len(heading.group(1)) if heading else 0),
        indent=2 * len(lists.open),
        blank_before=blank_before,
        cells=tuple(cell for _, cell in cells) or (_cells(text) if text.startswith("|") else ()),
        is_header=bool(cells) and all(tag == "th" for tag, _ in cells),
        list_number=number,
        list_type=lists.open[-1].type if lists.open else "1",
        is_marked_up=True,
        is_term=any(name == "dt" and not is_end for is_end, name in opened),
    )


def _cells(text: str) -> tuple[str, ...]:
    text = text.replace("｜", "|")
    if text.startswith("|") or text.count("|") >= 2:
        return tuple(cell.strip().replace("\\|", "|") for cell in _PIPE.split(text.strip().strip("|")))
    if "\t" in text:
        return tuple(cell.strip() for cell in re.split(r"\t+", text))
    return ()


def _split_row(source: str, segment: Segment) -> list[Segment]:
    """Give a definition row as its name and its items; any other segment as it is."""
    raw = source[segment.start : segment.end]
    if segment.is_marked_up or "\t" not in raw:
        return [segment]
    at = [cut.start() for cut in _ROW_ITEM.finditer(raw)]
    if not at or "\t" not in raw[: at[0]]:
        return [segment]
    bounds = [0, *at, len(raw)]
    pieces = []
    for begin, end in pairwise(bounds):
        text = raw[begin:end].strip()
        pieces.append(
            Segment(segment.start + begin, segment.start + end, text, blank_before=False, is_row_item=begin > 0)
        )
    return pieces


def _with_headers(found: list[Segment]) -> list[Segment]:
    """Mark a table's header: the line above a pipe table's rule, which is part of it, or one of names for columns."""
    for index, segment in enumerate(found):
        above = found[index - 1] if index else None
        if above is not None and above.cells and _PIPE_RULE.match(segment.text) and "-" in segment.text:
            found[index - 1] = replace(above, is_header=True)
            found[index] = Segment(segment.start, segment.end, "", blank_before=False)
        elif segment.cells and not (above and above.cells) and _names_columns(segment, found[index + 1 : index + 2]):
            found[index] = replace(segment, is_header=True)
    return found


def _names_columns(segment: Segment, following: list[Segment]) -> bool:
    cells, below = segment.cells, following[0].cells if following else ()
    is_brief = all(len(cell) <= _COLUMN_NAME for cell in cells[1:])
    return len(cells) == len(below) > 1 and is_brief and all(_COLUMN.search(cell) for cell in cells)
