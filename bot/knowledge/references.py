"""Resolve what a clause refers to: 上記1. ①～⑧, 第3条第2項, 前条, 前項, Q8, 8. に記載する窓口, 別紙1."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.clause_numbers import PARAGRAPHS, labelled, numbered, part_of, read_number
from bot.knowledge.clauses import Clause, ClauseKind, matching_form, slice_text

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMBER = r"[0-9０-９]{1,2}"
_COUNT = r"(?:[0-9０-９]{1,3}|[〇一二三四五六七八九十]{1,3})"
_IN_BRACKETS = r"[（(]\s*(?:[0-9０-９]{1,2}|[a-zａ-ｚア-ン])\s*[)）]|[⑴-⒇]"
_SPOKEN = re.compile(
    # 第3条, 前条, 前項 or, within an article, 第2項; and the paragraph (項), item (号) and sign below.
    rf"(?:第\s*(?P<article>{_COUNT})\s*条(?:の(?P<branch>[0-9０-９]|[二三四](?![次つ者人])))?|(?P<neighbour>前条|次条)|(?P<beside>前項|次項)"
    rf"|(?=第\s*{_COUNT}\s*項))(?P<part>(?:\s*第\s*{_COUNT}\s*項)?(?:\s*第\s*{_COUNT}\s*号)?"
    rf"(?:{_IN_BRACKETS}|[{_CIRCLED}]|[ア-ン](?![ァ-ヶー]))?)(?!\s*第)(?(article)(?!の規定により|に規定する目的))"
    rf"|(?<![A-Za-z])[QＱ](?P<question>{_NUMBER})(?![0-9０-９A-Za-z])"
    rf"|(?P<above>上記|前記|下記|上述の?|本(?:方針|ポリシー|規程)の?)?(?P<quote>「)?\s*(?<![0-9０-９.．])(?P<section>{_NUMBER})"
    rf"(?=\s*[.．（(⑴-⒇])(?:\s*[.．](?![0-9０-９]))?\s*(?P<paren>{_IN_BRACKETS})?"
    rf"\s*(?P<from>[{_CIRCLED}])?(?:\s*[～〜~\-－ー]\s*(?P<to>[{_CIRCLED}]))?"
    r"(?(above)(?![.．])|(?(quote)(?=[^「」\n]{0,30}」)|(?=[」\s]*(?:に|の|記載|及び|および|で|を|「|、|各|記))))"
    rf"|(?P<alone>上記|前記)\s*(?P<circled>[{_CIRCLED}])"
    rf"|(?P<annex>(?:別紙|別表|別添|別記)(?:様式)?(?:\s*第{_COUNT}号?|\s*{_NUMBER})?|様式\s*第\s*{_COUNT}\s*号|様式\s*{_NUMBER})"
)
# 第2条 after the name of a law or of another document is that one's, not the policy's; so are those joined to it.
_ELSEWHERE = re.compile(
    r"(?:(?<!本)(?<!この)(?:法|法律|令|規則|条例|ガイドライン|指針|規約|約款|定款)|同[法条項]|[A-ZＡ-Ｚ]{3,})"
    r"」?(?:[（(][^（）()]*[）)])?(?:の|に定める|に規定する|に基づく)?\s*$"
)
_JOINED = re.compile(
    r"(?:[\s、,，・～〜~\-－]|及び|および|又は|または|並びに|ならびに|若しくは|もしくは|から|まで|と|や|各号|本文|ただし書)*"
)


@dataclass(frozen=True)
class Reference:
    """Words that point elsewhere, and the clauses they point at; none when nothing is there.

    `until` is the second paragraph of an article of which only the first is meant.
    """

    words: str
    targets: tuple[Clause, ...]
    is_annex: bool = False
    until: Clause | None = None

    @property
    def citation(self) -> str:
        """Name the targets: 1.①～⑧ for a run, else the one."""
        if not self.targets:
            return ""
        first, last = self.targets[0], self.targets[-1]
        if self.until is not None:
            return f"{first.citation}第1項"
        return first.citation if first is last else f"{first.citation}～{last.label}"

    @property
    def text(self) -> str:
        """Give the targets' text as published."""
        if not self.targets:
            return ""
        end = self.until.start if self.until is not None else self.targets[-1].last_end
        return slice_text(list(self.targets), self.targets[0].start, end)


def references_of(clause: Clause, root: Clause) -> tuple[Reference, ...]:
    """Give what the clause and those below it refer to, each once, without references into itself."""
    found: dict[str, Reference] = {}
    for node in clause.walk():
        for reference in own_references(node, root):
            if not reference.targets or not all(target.lies_in(clause) for target in reference.targets):
                found.setdefault(reference.citation or reference.words, reference)
    return tuple(found.values())


def own_references(node: Clause, root: Clause) -> Iterator[Reference]:
    """Yield what the clause's own words refer to, not those below it."""
    text = node.own_text if node.kind not in {ClauseKind.TITLE, ClauseKind.ROOT} else ""
    elsewhere = None
    for match in _SPOKEN.finditer(text, 0 if node.kind is ClauseKind.PARAGRAPH else max(len(node.label), 1)):
        goes_on = elsewhere is not None and _JOINED.fullmatch(text, elsewhere, match.start())
        if goes_on or _ELSEWHERE.search(text[: match.start()]):
            elsewhere = match.end()
        else:
            yield from _resolve(match, node, root)


def _resolve(match: re.Match[str], node: Clause, root: Clause) -> Iterator[Reference]:
    words = match.group().strip(" 「")
    if match["annex"]:
        yield Reference(words, _annex(words, root), is_annex=True)
    elif match["circled"]:
        yield Reference(words, _item_above(node, match["circled"]))
    elif match["section"]:
        yield Reference(words, _section(match, root))
    elif match["question"]:
        if any(clause.style == "question" for clause in root.walk()):
            yield Reference(words, _only(labelled(root, f"Q{_plain(match['question'])}")))
    else:
        yield from _of_articles(match, node, root)


def _of_articles(match: re.Match[str], node: Clause, root: Clause) -> Iterator[Reference]:
    """Resolve 第3条第2項, 前条第1号, 前項 and 第2項; the last is a section where the policy has no articles."""
    number = read_number(_plain(match["part"]))
    article = next((above for above in (node, *node.ancestors()) if above.style == "article"), None)
    if match["article"]:
        start = labelled(
            root, f"第{_plain(match['article'])}条" + (f"の{_plain(match['branch'])}" if match["branch"] else "")
        )
    elif match["neighbour"]:
        start = _neighbour(node, root, -1 if match["neighbour"] == "前条" else 1)
    elif match["beside"]:
        start = _beside(node, -1 if match["beside"] == "前項" else 1)
        if start is None:  # It may be a paragraph that has no number.
            return
    elif article is not None or not any(clause.style == "article" for clause in root.walk()):
        start = article or root
    else:
        return
    found = numbered(root, number) if start is root else part_of(start, number) if start is not None else None
    is_first = found is not None and found.style == "article" and (number[-1:] == ("1項",) or bool(match["beside"]))
    until = part_of(found, ("2項",)) if found is not None and is_first else None
    yield Reference(match.group().strip(), _only(found), until=until)


def _neighbour(node: Clause, root: Clause, step: int) -> Clause | None:
    articles = [clause for clause in root.walk() if clause.style == "article"]
    here = next((place for place, clause in enumerate(articles) if node.lies_in(clause)), None)
    place = here + step if here is not None else -1
    return articles[place] if 0 <= place < len(articles) else None


def _beside(node: Clause, step: int) -> Clause | None:
    """Give the paragraph before or after that in which the clause lies; the first of an article may be the article."""
    for own in (node, *node.ancestors()):
        if own.style == "article":
            return part_of(own, ("2項",)) if step > 0 else None
        if own.style in PARAGRAPHS and own.number is not None and own.parent is not None:
            alike = (beside for beside in own.parent.children if beside.style == own.style)
            found = next((beside for beside in alike if beside.number == own.number + step), None)
            is_second = own.number + step == 1 and own.parent.style == "article"
            return found or (own.parent if is_second else None)
    return None


def _item_above(node: Clause, label: str) -> tuple[Clause, ...]:
    for above in [node, *node.ancestors()]:
        beside = above.parent.children if above.parent is not None else []
        for clause in beside:
            if clause.label == label:
                return (clause,)
    return ()


def _section(match: re.Match[str], root: Clause) -> tuple[Clause, ...]:
    number = _plain(match["section"])
    sections = [node for node in root.walk() if node.label in {number, f"{number}."} and node.rank <= 4.2]
    if match["paren"] and sections:
        paren = f"({_plain(match['paren'])})"
        sections = [node for node in sections[0].walk() if node.label == paren]
    if not sections or not match["from"]:
        return tuple(sections[:1])
    first, last = match["from"], match["to"] or match["from"]
    wanted = _CIRCLED[_CIRCLED.index(first) : _CIRCLED.index(last) + 1]
    items = [node for node in sections[0].walk() if node.label and node.label in wanted]
    return tuple(items[: len(wanted)])


def _annex(words: str, root: Clause) -> tuple[Clause, ...]:
    """Find the annex by the line that heads it: a line that begins with its name and says nothing about it."""
    heads = re.compile(rf"[【\[<(「■◆●]?{re.escape(matching_form(words))}(?![0-9のにをはがもでとへよかや、。及])[^。]*")
    lines = ((node, matching_form(line)) for node in root.walk() for line in (node.heading, *node.lines))
    return _only(next((node for node, line in lines if heads.fullmatch(line)), None))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).strip("().").lower()


def _only(clause: Clause | None) -> tuple[Clause, ...]:
    return (clause,) if clause is not None else ()
