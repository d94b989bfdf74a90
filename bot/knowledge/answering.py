"""Answer one question with the clauses of one policy, word for word, or say that it doesn't cover it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.knowledge.clauses import Clause
from bot.knowledge.mapping import Match
from bot.knowledge.passages import Passage, enclosing, narrow, passage_of
from bot.knowledge.privacy_policy import PrivacyPolicy
from bot.knowledge.retrieval import Hit
from bot.knowledge.topics import topic_table

# Thresholds, chosen on the questions of tests/fixtures/companies: a topic counts from `_SURE` on, a second one from
# `_POSSIBLE` on where the first isn't sure; retrieval answers alone when it holds `_STRONG` of the telling words.
_SURE, _POSSIBLE = 0.35, 0.2
_STRONG, _STRONG_SCORE = 0.6, 2.5
_SIMILAR, _NEAR_BEST = 4.0, 1.2
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
    strong = _strong(hits)
    topic = _answered_topic(policy, topics)
    if topic is not None:
        return _from_topic(policy, question, topic, strong)
    if strong is not None:
        label = topic_table()[topics[0][0]].label if topics else ""
        return _made(policy, True, topics[0][0] if topics else None, label, [strong.clause], question)
    return _not_covered(policy, topics)


def _answered_topic(policy: PrivacyPolicy, topics: Sequence[tuple[str, float]]) -> str | None:
    """Choose the first likely topic that the policy speaks of; a sure one it is silent on ends the search."""
    for topic_id, probability in topics[:3]:
        if probability < _POSSIBLE:
            return None
        if policy.clauses_for(topic_id):
            return topic_id
        if probability >= 2 * _SURE:
            return None
    return None


def _strong(hits: Sequence[Hit]) -> Hit | None:
    best = next((hit for hit in hits if hit.share >= _STRONG and hit.score >= _STRONG_SCORE), None)
    return best


def _from_topic(policy: PrivacyPolicy, question: str, topic_id: str, strong: Hit | None) -> PolicyAnswer:
    matches = [match for match in policy.matches_for(topic_id) if match.is_sound]
    chosen = _chosen(policy, question, matches)
    apart = strong is not None and not any(strong.clause.lies_in(c) or c.lies_in(strong.clause) for c in chosen)
    if strong is not None and apart:
        chosen = [*chosen[: _MOST_PASSAGES - 1], strong.clause]
    return _made(policy, True, topic_id, topic_table()[topic_id].label, chosen, question)


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


def _made(
    policy: PrivacyPolicy, covered: bool, topic: str | None, label: str, clauses: Sequence[Clause], question: str
) -> PolicyAnswer:
    passages: list[Passage] = []
    for clause in _with_context(policy, clauses, question):
        spent = sum(len(passage.text) for passage in passages)
        if not passages or spent + len(clause.text) <= _MOST_CHARACTERS:
            passages.append(passage_of(clause, policy.tree))
    return PolicyAnswer(covered, topic, label, tuple(passages), None, None, policy.version, policy.title)


def _with_context(policy: PrivacyPolicy, clauses: Sequence[Clause], question: str) -> list[Clause]:
    """Lead with what was asked for and add the whole clause it belongs to, when that is short."""
    leading: list[Clause] = []
    for clause in clauses:
        leading.extend(narrow(clause, lambda part: policy.index.similarity(question, part)))
    context = [whole for clause in leading if (whole := enclosing(clause)) is not None]
    found: list[Clause] = []
    for clause in [*leading, *context]:
        if clause not in found:
            found.append(clause)
    return found


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
