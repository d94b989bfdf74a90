"""Resolve what a clause refers to: 上記1. ①～⑧, 第3条, 前条, 8. に記載する窓口."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.clauses import Clause, ClauseKind, slice_text
from bot.knowledge.markers import kanji_number

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMBER = r"[0-9０-９]{1,2}"
_SPOKEN = re.compile(
    rf"第\s*(?P<article>[0-9０-９]{{1,3}}|[一二三四五六七八九十]{{1,3}})\s*条(?:の(?P<branch>[0-9０-９]))?(?!第|の規定により|に規定する目的)"
    rf"|(?P<neighbour>前条|次条)"
    rf"|(?P<above>上記|前記|下記|上述の?|本(?:方針|ポリシー|規程)の?|「)?\s*(?P<section>{_NUMBER})\s*[.．]\s*(?:[（(](?P<paren>{_NUMBER})[)）])?"
    rf"\s*(?P<from>[{_CIRCLED}])?(?:\s*[～〜~\-－ー]\s*(?P<to>[{_CIRCLED}]))?(?=[」\s]*(?:に|の|記載|及び|および|で|を|「|、|各|記|「))"
    rf"|(?P<alone>上記|前記)\s*(?P<item>[{_CIRCLED}])"
    rf"|(?P<annex>別紙|別表|別添)\s*(?P<annexno>{_NUMBER})?"
)
# 第2条 after the name of a law is that law's, not the policy's.
_LAW = re.compile(r"(?:法|法律|令|規則|条例|ガイドライン|指針)」?(?:[（(][^（）()]*[）)])?\s*$")


@dataclass(frozen=True)
class Reference:
    """Words that point elsewhere, and the clauses they point at; none when nothing is there."""

    words: str
    targets: tuple[Clause, ...]
    is_annex: bool = False

    @property
    def citation(self) -> str:
        """Name the targets: 1.①～⑧ for a run, else the one."""
        if not self.targets:
            return ""
        first, last = self.targets[0], self.targets[-1]
        return first.citation if first is last else f"{first.citation}～{last.label}"

    @property
    def text(self) -> str:
        """Give the targets' text as published."""
        return slice_text(list(self.targets), self.targets[0].start, self.targets[-1].last_end) if self.targets else ""


def references_of(clause: Clause, root: Clause) -> tuple[Reference, ...]:
    """Give what the clause and those below it refer to, each once, without references into itself."""
    found: dict[str, Reference] = {}
    for node in clause.walk():
        if node.kind is not ClauseKind.TITLE and node.own_text:
            for reference in _spoken(node, root):
                if not reference.targets or not all(target.lies_in(clause) for target in reference.targets):
                    found.setdefault(reference.citation or reference.words, reference)
    return tuple(found.values())


def _spoken(node: Clause, root: Clause) -> Iterator[Reference]:
    text = node.own_text
    start = len(text) - len(text.lstrip()) if not node.label else min(len(node.label) + 4, len(text))
    for match in _SPOKEN.finditer(text, 0 if node.kind is ClauseKind.PARAGRAPH else max(start - 4, 1)):
        if not _LAW.search(text[: match.start()]):
            yield from _resolve(match, node, root)


def _resolve(match: re.Match[str], node: Clause, root: Clause) -> Iterator[Reference]:
    words = match.group().strip(" 「")
    if match["annex"]:
        yield Reference(words, _annex(words, root), is_annex=True)
    elif match["neighbour"]:
        yield Reference(words, _neighbour(node, root, -1 if match["neighbour"] == "前条" else 1))
    elif match["article"]:
        yield Reference(words, _labelled(root, f"第{_digits(match['article'])}条" + _branch(match["branch"])))
    elif match["item"]:
        yield Reference(words, _item_above(node, match["item"]))
    elif match["section"]:
        yield Reference(words, _section(match, root))


def _digits(number: str) -> str:
    return str(kanji_number(number) or unicodedata.normalize("NFKC", number))


def _branch(number: str | None) -> str:
    return f"の{unicodedata.normalize('NFKC', number)}" if number else ""


def _labelled(root: Clause, label: str) -> tuple[Clause, ...]:
    wanted = _comparable(label)
    return tuple(node for node in root.walk() if node.label and _comparable(node.label) == wanted)[:1]


def _comparable(label: str) -> str:
    return re.sub(r"[一二三四五六七八九十]+", lambda kanji: str(kanji_number(kanji.group())), label)


def _neighbour(node: Clause, root: Clause, step: int) -> tuple[Clause, ...]:
    articles = [clause for clause in root.walk() if clause.style == "article"]
    here = next((place for place, clause in enumerate(articles) if node.lies_in(clause)), None)
    place = here + step if here is not None else -1
    return (articles[place],) if 0 <= place < len(articles) else ()


def _item_above(node: Clause, label: str) -> tuple[Clause, ...]:
    for above in [node, *node.ancestors()]:
        beside = above.parent.children if above.parent is not None else []
        for clause in beside:
            if clause.label == label:
                return (clause,)
    return ()


def _section(match: re.Match[str], root: Clause) -> tuple[Clause, ...]:
    number = unicodedata.normalize("NFKC", match["section"])
    sections = [node for node in root.walk() if node.label == f"{number}." and node.rank <= 4.2]
    if match["paren"] and sections:
        paren = f"({unicodedata.normalize('NFKC', match['paren'])})"
        sections = [node for node in sections[0].walk() if node.label == paren]
    if not sections or not match["from"]:
        return tuple(sections[:1])
    first, last = match["from"], match["to"] or match["from"]
    wanted = _CIRCLED[_CIRCLED.index(first) : _CIRCLED.index(last) + 1]
    items = [node for node in sections[0].walk() if node.label and node.label in wanted]
    return tuple(items[: len(wanted)])


def _annex(words: str, root: Clause) -> tuple[Clause, ...]:
    return tuple(node for node in root.walk() if node.heading.startswith(words))[:1]
