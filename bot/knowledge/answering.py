"""Answer one question with the clauses of one policy, word for word, or say that it doesn't cover it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.knowledge.clauses import Clause
from bot.knowledge.mapping import Match
from bot.knowledge.passages import Passage, enclosing, narrow, passage_of
from bot.knowledge.privacy_policy import PrivacyPolicy
from bot.knowledge.retrieval import Hit
from bot.knowledge.topics import topic_table

# Thresholds, chosen on the questions of tests/fixtures/companies. A topic counts from `_POSSIBLE` on; one as sure as
# `_SURE` that the policy is silent on isn't replaced by the next. A search hit's strength is its score times the share
# of the question's telling words it holds: `_ALONE` answers without any topic, `_AGAINST` where a topic is silent,
# `_BESIDE` adds a passage to a topic's.
_SURE, _POSSIBLE = 0.6, 0.2
_ALONE, _AGAINST, _BESIDE = 1.5, 2.2, 2.0
_LEAST_SHARE = 0.3
_SIMILAR, _NEAR_BEST = 4.0, 2.0
_MOST_PASSAGES, _MOST_CHARACTERS = 3, 1800


@dataclass(frozen=True)
class PolicyAnswer:
    """What a policy says to one question; `nearest` and its `contact` clause only where it doesn't cover it."""

    covered: bool
    topic: str | None
    topic_label: str
    passages: tuple[Passage, ...]
    nearest: Passage | None
    contact: Passage | None
    version: str
    title: str


def answer(policy: PrivacyPolicy, question: str, topics: Sequence[tuple[str, float]]) -> PolicyAnswer:
    """Answer one question; `topics` are the classifier's, best first, and may be empty."""
    hits = policy.index.search(question)
    spoken = _spoken_of(policy, topics)
    if spoken:
        return _from_topics(policy, question, spoken, _strong(hits, _BESIDE))
    strong = _strong(hits, _AGAINST if topics else _ALONE)
    if strong is not None and not _asks_for_contact(topics):
        return _made(policy, None, [strong.clause], question)
    return _not_covered(policy, topics)


def _spoken_of(policy: PrivacyPolicy, topics: Sequence[tuple[str, float]]) -> list[str]:
    """Choose the likely topics that the policy speaks of, two at most; a sure one it is silent on ends the search."""
    found: list[str] = []
    for topic_id, probability in topics[:3]:
        if probability < _POSSIBLE:
            break
        if policy.clauses_for(topic_id):
            found.append(topic_id)
        elif probability >= _SURE:
            break
    return found[:2]


def _asks_for_contact(topics: Sequence[tuple[str, float]]) -> bool:
    """Tell whether a telephone number or the like is wanted: nothing but the thing itself answers that."""
    return bool(topics) and topics[0][1] >= _SURE and topic_table()[topics[0][0]].is_contact


def _strong(hits: Sequence[Hit], least: float) -> Hit | None:
    return next((hit for hit in hits if hit.share >= _LEAST_SHARE and hit.share * hit.score >= least), None)


def _from_topics(policy: PrivacyPolicy, question: str, topic_ids: Sequence[str], strong: Hit | None) -> PolicyAnswer:
    chosen = _chosen(policy, question, [match for match in policy.matches_for(topic_ids[0]) if match.is_sound])
    more = [policy.clauses_for(topic_id)[0] for topic_id in topic_ids[1:]]
    for clause in [*([strong.clause] if strong is not None else []), *more]:
        if not any(clause.lies_in(held) or held.lies_in(clause) for held in chosen):
            chosen = [*chosen[: _MOST_PASSAGES - 1], clause]
    return _made(policy, topic_ids[0], chosen, question)


def _chosen(policy: PrivacyPolicy, question: str, matches: Sequence[Match]) -> list[Clause]:
    """Rank a topic's clauses by topic and by the question's own words, and keep those near the best."""
    scored = [(match.score + _SIMILAR * policy.index.similarity(question, match.clause), match) for match in matches]
    scored.sort(key=lambda pair: -pair[0])
    best = scored[0][0]
    kept: list[Clause] = []
    for score, match in scored:
        if score >= best - _NEAR_BEST and not any(match.clause.lies_in(clause) for clause in kept):
            kept.append(match.clause)
    return kept[:_MOST_PASSAGES]


def _made(policy: PrivacyPolicy, topic_id: str | None, clauses: Sequence[Clause], question: str) -> PolicyAnswer:
    passages: list[Passage] = []
    for clause in _with_context(policy, clauses, question):
        spent = sum(len(passage.text) for passage in passages)
        if not passages or spent + len(clause.text) <= _MOST_CHARACTERS:
            passages.append(passage_of(clause, policy.tree))
    label = topic_table()[topic_id].label if topic_id else ""
    return PolicyAnswer(True, topic_id, label, tuple(passages), None, None, policy.version, policy.title)


def _with_context(policy: PrivacyPolicy, clauses: Sequence[Clause], question: str) -> list[Clause]:
    """Lead with what was asked for and add the whole clause the first belongs to, when that is short."""
    leading: list[Clause] = []
    for clause in clauses:
        leading.extend(narrow(clause, lambda part: policy.index.similarity(question, part)))
    whole = enclosing(leading[0])
    if whole is None:
        return leading
    return [leading[0], whole, *(clause for clause in leading[1:] if not clause.lies_in(whole))]


def _not_covered(policy: PrivacyPolicy, topics: Sequence[tuple[str, float]]) -> PolicyAnswer:
    topic = topic_table().get(topics[0][0]) if topics else None
    nearest: Clause | None = None
    if topic is not None:
        near = policy.matches_for(topic.id) or (policy.matches_for(topic.parent) if topic.parent else ())
        nearest = near[0].clause if near else None
    passage = passage_of(nearest, policy.tree) if nearest is not None else None
    contact = next(iter(policy.clauses_for("contact")), None)
    return PolicyAnswer(
        covered=False,
        topic=topic.id if topic else None,
        topic_label=topic.label if topic else "",
        passages=(),
        nearest=passage,
        contact=passage_of(contact, policy.tree) if contact is not None else None,
        version=policy.version,
        title=policy.title,
    )
