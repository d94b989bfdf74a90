"""Propose for every topic the clauses of a policy that speak of it, from headings and words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.knowledge.clauses import Clause, ClauseKind, matching_form
from bot.knowledge.topics import Topic, topic_table

# A match below this weight is near the topic but doesn't speak of it.
SOUND = 2.0
_HEADING, _BODY, _EACH_MORE, _PREFERRED, _INSIDE = 4.0, 2.0, 0.4, 1.0, 1.5
_COMPOUND = re.compile(r"・|、|及び|および|並び|または|又は|[一-龠]と[一-龠]|[一-龠]や[一-龠]|/|&")
_ANNOUNCES = re.compile(r"以下|次の|下記|次に|以上|のとおり|の通り|いずれか")
# A telephone however it is written: 03-5555-0001, (03) 5555-0001, 0355550001; or a mail address.
TELEPHONE_OR_MAIL = re.compile(
    r"0\d{1,4}[-‐–−ー()]{1,2}\d{1,4}[-‐–−ー()]{1,2}\d{3,4}|(?<!\d)0\d{9}|[\w.+-]+@[\w-]+\.\w+"
)
_ANNOUNCES_BELOW = re.compile(
    r"(?:以下|下記)の?(?:とおり|通り|に)|次の?(?:とおり|通り)|(?:下表|下図)の?(?:とおり|通り|に|を)"
)
# This may point at any later clause.
_POINTS_BELOW = re.compile(r"(?:以下|下記)を(?:ご覧|ご?参照|ご?確認)")
# What is announced begins with neither of these.
_STARTS_ANEW = re.compile(r"^(?:なお|ただし|また)、|^当[社院園校会店館塾行組]+は、?[^::]*。$")
_WHOLE = 0.7
_CONTACT_BLOCK = 700


@dataclass(frozen=True)
class Match:
    """A clause that speaks of a topic, and how surely."""

    clause: Clause
    score: float

    @property
    def is_sound(self) -> bool:
        """Tell whether the clause answers, not merely borders on, the topic."""
        return self.score >= SOUND


class TopicMap:
    """Which clauses of one policy speak of which topic; overrides of company.yml come before proposals."""

    def __init__(self, root: Clause, overrides: Mapping[str, Sequence[Clause]] | None = None) -> None:
        self.root = root
        self._overrides = overrides or {}
        self._found: dict[str, tuple[Match, ...]] = {}

    def matches(self, topic_id: str) -> tuple[Match, ...]:
        """Give the clauses of a topic, surest first; empty for a topic that is not in the table."""
        if topic_id not in self._found:
            self._found[topic_id] = self._find(topic_id)
        return self._found[topic_id]

    def _find(self, topic_id: str) -> tuple[Match, ...]:
        topic = topic_table().get(topic_id)
        if topic is None:
            return ()
        proposed = self._propose(topic)
        if topic_id not in self._overrides:
            return proposed
        chosen = self._overrides[topic_id]
        near = [Match(match.clause, min(match.score, SOUND - 1)) for match in proposed if match.clause not in chosen]
        return (*(Match(clause, 2 * _HEADING) for clause in chosen), *near)

    @cached_property
    def _nodes(self) -> list[Clause]:
        return [node for node in self.root.walk() if node.kind not in {ClauseKind.ROOT, ClauseKind.TITLE}]

    @cached_property
    def _speaking(self) -> list[Clause]:
        """Give the clauses that say something themselves: all but bare headings, headers and empty groups."""
        return [node for node in self._nodes if node.own_text and not _is_bare_heading(node)]

    def _propose(self, topic: Topic) -> tuple[Match, ...]:
        is_inside = self._scope(topic)
        headed = self._by_heading(topic, is_inside)
        if topic.is_preamble and (preamble := self._preamble(headed)):
            return preamble
        spoken = self._by_body(topic, is_inside, [match.clause for match in headed])
        found = _items_first(headed, spoken) if topic.is_item else _sections_first(headed, spoken)
        if topic.is_contact:
            found = [Match(_contact_block(match.clause), match.score) for match in found]
        return _ranked(_articles_first(found))

    def _scope(self, topic: Topic) -> Callable[[Clause], bool]:
        """Tell of a clause whether it lies where the topic may be spoken of."""
        inside, outside = (
            [match.clause for match in self.matches(named) if match.is_sound] if named else []
            for named in (topic.within, topic.outside)
        )
        return lambda node: (
            (topic.within is None or any(node.lies_in(section) for section in inside))
            and not any(node.lies_in(section) for section in outside)
        )

    def _preamble(self, headed: Sequence[Match]) -> tuple[Match, ...]:
        """Give what stands before the first section, where a policy says what it is about."""
        tops = [self.root, *(child for child in self.root.children if child.kind is ClauseKind.TITLE)]
        first = [child for top in tops for child in top.children if child.kind is ClauseKind.PARAGRAPH]
        first = [clause for clause in first if clause.citation.startswith("前文") and len(clause.own_text) > 20]
        return _ranked([*(Match(clause, _HEADING) for clause in first[:2]), *headed[:1]])

    def _by_heading(self, topic: Topic, is_inside: Callable[[Clause], bool]) -> list[Match]:
        found = []
        for node in self._nodes:
            key = node.own_key if node.kind is ClauseKind.TABLE else node.heading_key
            asks = _asks(topic, node)
            if not asks and (not key or not topic.heading.search(key) or topic.avoid.search(key)):
                continue
            if len(node.text) > _WHOLE * len(self.root.source) and len(self.root.source) > 600:
                continue
            if is_inside(node):
                plain = asks and not topic.is_contact  # Many questions name a mail or a telephone; few give one.
                found.append(Match(node, _HEADING if plain else self._heading_score(topic, node)))
        sound = [match for match in found if match.is_sound and not match.clause.is_chapter]
        return [m for m in found if not any(m.clause is not o.clause and m.clause.lies_in(o.clause) for o in sound)]

    def _heading_score(self, topic: Topic, node: Clause) -> float:
        """Score a heading; one that names several things, or announces what never comes, needs words below it."""
        said = [below for below in node.walk() if below.own_text and (below is not node or not _is_bare_heading(node))]
        bodies = [below for below in said if _speaks(topic, below)]
        if topic.is_contact and TELEPHONE_OR_MAIL.search(node.own_key) and _speaks(topic, node):
            bodies.append(node)  # 「お問い合わせ　電話 03-…」 says it all in the heading.
        if bodies:
            return _HEADING + 1 + _EACH_MORE * min(len(bodies), 3)
        doubtful = topic.needs_evidence or topic.is_contact or _COMPOUND.search(node.heading_key)
        return SOUND - 1 if doubtful or not said else _HEADING

    def _by_body(self, topic: Topic, is_inside: Callable[[Clause], bool], headed: Sequence[Clause]) -> list[Match]:
        found = []
        for node in self._speaking:
            hits = _speaks(topic, node)
            if not hits or not is_inside(node) or is_dangling(node):
                continue
            score = _BODY + _EACH_MORE * (hits - 1)
            score += _PREFERRED if topic.prefer.search(node.own_key) else 0
            score += _INSIDE if any(node.lies_in(section) for section in headed) else 0
            found.append(Match(_with_its_list(node), score))
        return found


def _asks(topic: Topic, node: Clause) -> bool:
    """Tell whether a clause is headed by a question (Q6. 情報が漏れたら？) about the topic, as customers ask it."""
    key = node.own_key.removeprefix(matching_form(node.label)) if node.style == "question" else node.heading_key
    is_question = bool(node.children) and (node.style == "question" or key.endswith(("?", "か")))
    return is_question and any(pattern.search(key) for pattern in topic.question)


def _speaks(topic: Topic, node: Clause) -> int:
    key = node.own_key
    if topic.avoid_body.search(key):
        return 0
    return sum(1 for pattern in topic.body if pattern.search(key))


def _is_bare_heading(node: Clause) -> bool:
    if node.kind is ClauseKind.TABLE:
        return True
    return bool(node.children) and bool(node.heading) and len(node.own_text) <= len(node.heading) + 12


def is_dangling(node: Clause) -> bool:
    """Tell whether the clause announces something below it and nothing comes."""
    if node.children or not _ANNOUNCES_BELOW.search(node.own_key):
        return bool(_POINTS_BELOW.search(node.own_key)) and not node.source[node.last_end :].strip()
    following = _following(node)
    return not following or (len(following) == 1 and bool(_STARTS_ANEW.search(following[0].own_key)))


def _following(node: Clause) -> list[Clause]:
    beside = node.parent.children if node.parent is not None else []
    return beside[beside.index(node) + 1 :] if node in beside else []


def _with_its_list(node: Clause) -> Clause:
    """Give the clause whose text holds the list that a paragraph introduces."""
    following = _following(node)
    if node.kind is not ClauseKind.PARAGRAPH or not following or node.parent is None:
        return node
    lists = following[0].kind in {ClauseKind.ITEM, ClauseKind.TABLE, ClauseKind.GROUP} or following[0].rank >= 5
    introduces = lists and following[0].kind is not ClauseKind.PARAGRAPH and _ANNOUNCES.search(node.own_key)
    return node.parent if introduces and node.parent.kind is not ClauseKind.ROOT else node


def _contact_block(node: Clause) -> Clause:
    """Give the section that holds a line of an address block, unless it is long; a section or a question is one."""
    if node.kind is ClauseKind.SECTION or node.style == "question":
        return node
    for above in node.ancestors():
        if above.kind in {ClauseKind.SECTION, ClauseKind.ITEM, ClauseKind.TABLE} and len(above.text) <= _CONTACT_BLOCK:
            return above if above.kind is not ClauseKind.TABLE or above.parent is None else _contact_block(above)
    return node


def _items_first(headed: list[Match], spoken: list[Match]) -> list[Match]:
    """Give the items that speak of the topic; a heading counts where no item under it does."""
    bare = [m for m in headed if not any(spoke.clause.lies_in(m.clause) for spoke in spoken)]
    return [*spoken, *bare]


def _sections_first(headed: list[Match], spoken: list[Match]) -> list[Match]:
    """Give the sections that are about the topic, then sentences elsewhere, which count less beside them."""
    sections = [match for match in headed if match.is_sound and not match.clause.is_chapter]
    outside = [m for m in spoken if not any(m.clause.lies_in(section.clause) for section in sections)]
    return [*headed, *outside]


def _articles_first(found: Sequence[Match]) -> list[Match]:
    """Leave out a chapter where something in it speaks of the topic."""
    sound = [match.clause for match in found if match.is_sound and not match.clause.is_chapter]
    return [m for m in found if not (m.clause.is_chapter and any(clause.lies_in(m.clause) for clause in sound))]


def _ranked(found: Sequence[Match]) -> tuple[Match, ...]:
    """Give each clause once, at its best score, surest first, in the order of the text among equals."""
    best: dict[int, Match] = {}
    for match in found:
        held = best.get(id(match.clause))
        if held is None or held.score < match.score:
            best[id(match.clause)] = match
    return tuple(sorted(best.values(), key=lambda match: (-match.score, match.clause.start)))
