"""One published privacy policy: its tree, its version, its topics and its search index."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from bot.errors import MadoguchiError
from bot.knowledge.clause_numbers import ClauseNumber, numbered
from bot.knowledge.clauses import Clause, ClauseKind
from bot.knowledge.mapping import Match, TopicMap
from bot.knowledge.markers import read_marker
from bot.knowledge.parsing import parse
from bot.knowledge.retrieval import Index

_HEADING_CHARACTERS = 40
DEFAULT_TITLE = "プライバシーポリシー"
_MONTH_DAY = r"\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
_DATES = (
    (re.compile(r"(20\d\d)" + _MONTH_DAY), 0),
    (re.compile(r"(20\d\d)[./-](\d{1,2})[./-](\d{1,2})"), 0),
    (re.compile(r"令和\s*(\d{1,2}|元)" + _MONTH_DAY), 2018),
    (re.compile(r"平成\s*(\d{1,2}|元)" + _MONTH_DAY), 1988),
)
_DATED = re.compile(r"制定|改定|改訂|改正|施行|更新|策定|適用")


class UnknownCitationError(MadoguchiError):
    """A citation names no clause of the policy."""


class PrivacyPolicy:
    """A policy as published, ready to answer."""

    def __init__(self, text: str, title: str, version: str, published: date | None) -> None:
        self.text = text
        self.tree: Clause = parse(text)
        self.title = title or _title(self.tree)
        self.date = published or find_date(text)
        self.version = version or _version(text, self.date)
        self.index = Index(self.tree)
        self._topics = TopicMap(self.tree)

    @classmethod
    def from_text(cls, text: str, title: str = "", version: str = "", date: date | None = None) -> "PrivacyPolicy":
        """Read a policy; title, date and version are taken from the text where they aren't given."""
        return cls(text, title, version, date)

    def override_topics(self, citations: Mapping[str, Sequence[str]]) -> None:
        """Set by hand which clauses answer a topic; an empty list says that the policy doesn't cover it."""
        chosen = {topic_id: [self.clause(citation) for citation in cited] for topic_id, cited in citations.items()}
        self._topics = TopicMap(self.tree, chosen)

    def clause(self, citation: str) -> Clause:
        """Give the clause that a citation names."""
        for node in self.tree.walk():
            if node.citation == citation:
                return node
        raise UnknownCitationError(f"the policy has no clause {citation!r}; `madoguchi policy show` lists them")

    def numbered(self, number: ClauseNumber) -> Clause | None:
        """Give the clause of a number as customers say it, (7, 2) for 第7条(2); None where there is none."""
        return numbered(self.tree, number)

    def numbered_headings(self) -> tuple[str, ...]:
        """Give the outermost clauses that have a number, but for chapters, each by its number and how it begins."""
        return tuple(_heading(node) for node in self.tree.walk() if _counts(node) and not _is_below_number(node))

    def matches_for(self, topic_id: str) -> tuple[Match, ...]:
        """Give the clauses of a topic with their scores, surest first."""
        return self._topics.matches(topic_id)

    def clauses_for(self, topic_id: str) -> tuple[Clause, ...]:
        """Give the clauses that speak of a topic, surest first; empty when the policy doesn't."""
        return tuple(match.clause for match in self.matches_for(topic_id) if match.is_sound)


def _counts(clause: Clause) -> bool:
    return clause.number is not None and not clause.is_chapter


def _is_below_number(clause: Clause) -> bool:
    return any(_counts(above) for above in clause.ancestors())


def _heading(clause: Clause) -> str:
    titled = clause.parent if clause.parent is not None and clause.parent.style == "parens-title" else clause
    _, words = read_marker(next(iter(titled.own_text.splitlines()), ""))
    text = f"{clause.label} {words}".strip()
    return text if len(text) <= _HEADING_CHARACTERS else f"{text[: _HEADING_CHARACTERS - 1]}…"


def _title(tree: Clause) -> str:
    title = next((child for child in tree.children if child.kind is ClauseKind.TITLE), None)
    return title.heading if title is not None else DEFAULT_TITLE


def find_date(text: str) -> date | None:
    """Find the latest date that a line of the text gives as that of the policy."""
    found = []
    for line in unicodedata.normalize("NFKC", text).splitlines():
        if _DATED.search(line) and len(line) <= 60:
            found.extend(_dates(line))
    return max(found, default=None)


def _dates(line: str) -> list[date]:
    found = []
    for pattern, era in _DATES:
        for year, month, day in pattern.findall(line):
            try:
                found.append(date(era + (1 if year == "元" else int(year)), int(month), int(day)))
            except ValueError:
                continue
    return found


def _version(text: str, published: date | None) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{published.isoformat()}-{digest}" if published else digest
