"""Answer one question with the clauses of one policy, word for word, or say that it doesn't cover it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.knowledge.clause_numbers import ClauseNumber
from bot.knowledge.clauses import Clause, matching_form
from bot.knowledge.guessing import guess_topics
from bot.knowledge.mapping import Match
from bot.knowledge.passages import SHORT, Passage, beyond, enclosing, narrow, opening, passage_of
from bot.knowledge.privacy_policy import PrivacyPolicy
from bot.knowledge.retrieval import Hit
from bot.knowledge.topics import Person, Topic, topic_table, wider_topics

# All chosen on the questions of tests/fixtures/companies. A clause's weight is the sum of two parts, each from 0 to 1:
# how likely its topic is and how surely it speaks of it, and how much of the question's own words it holds. `_ENOUGH`
# of both answers; `_BY_WORDS` does without a topic; where a topic as sure as `_SURE` is missing, `_AGAINST`. No guess
# makes a topic surer than `_UNSURE`. Beside a sure topic a clause needs `_WORDS` words of the question. A contact is
# meant from `_CONTACT` on, a topic known to be missing from `_MISSING` on; below, the clause of at least the rank
# `_NEAR` may be meant.
_SURE, _UNSURE, _CONTACT, _MISSING, _NEAR, _WORDS = 0.6, 0.59, 0.25, 0.3, 0.2, 2
_ENOUGH, _BY_WORDS, _AGAINST = 0.44, 0.38, 0.42
_UNLIKELY, _FULL_SCORE, _LEAST_OF_TOPIC = 0.03, 6.0, 0.6
_FULL_STRENGTH, _LEAST_SHARE, _SIMILAR = 4.0, 0.15, 0.75
_NEAR_BEST = 0.7
_MOST_PASSAGES, _MOST_CHARACTERS = 3, 1800
_GUESSED, _WIDER = 0.4, 0.3


@dataclass(frozen=True)
class PolicyAnswer:
    """What a policy says to one question; `nearest` and its `contact` clause only where it doesn't cover it.

    `rest` cites the clause that holds more than the item shown, where it is too long to be shown unasked. `is_unsure`
    where the question wasn't understood well enough to say that the policy is silent.
    """

    covered: bool
    topic: str | None
    topic_label: str
    passages: tuple[Passage, ...]
    nearest: Passage | None
    contact: Passage | None
    version: str
    date: date | None
    title: str
    rest: str = ""
    is_unsure: bool = False


@dataclass
class _Candidate:
    """A clause that may answer: the weight of its topic and of the words it shares with the question."""

    clause: Clause
    topic_id: str | None = None
    by_topic: float = 0.0
    by_words: float = 0.0
    held: int = 0
    similar: float = 0.0

    @property
    def weight(self) -> float:
        return self.by_topic + self.by_words

    @property
    def rank(self) -> float:
        return self.weight + _SIMILAR * self.similar


def answer(
    policy: PrivacyPolicy, question: str, topics: Sequence[tuple[str, float]], number: ClauseNumber = ()
) -> PolicyAnswer:
    """Answer one question; `topics` are the classifier's, best first, and may be empty, as may a clause's `number`."""
    if number:
        numbered = policy.numbered(number)
        return whole_clause(policy, numbered.citation, None) if numbered else _unsure(policy, None)
    likely = _likely(policy, topics, question)
    if (person := _unnamed(policy, likely, question)) is not None:
        return replace(_uncovered(policy, topic_table()[likely[0][0]], None), topic_label=person.label)
    candidates = _candidates(policy, question, likely)
    best = max(candidates, key=lambda candidate: candidate.rank, default=None)
    if best is None or not _suffices(policy, likely, candidates):
        return _not_covered(policy, likely) if _is_silent(policy, likely, best) else _unsure(policy, best)
    candidates.sort(key=lambda candidate: -candidate.rank)
    chosen: list[Clause] = []
    for candidate in candidates:
        clause = candidate.clause
        apart = not any(clause.lies_in(held) or held.lies_in(clause) for held in chosen)
        if apart and candidate.rank >= _NEAR_BEST * best.rank:
            chosen.append(clause)
    return _made(policy, best.topic_id, chosen[: 1 if _means_contact(likely) else _MOST_PASSAGES], question)


def _unnamed(policy: PrivacyPolicy, topics: Sequence[tuple[str, float]], question: str) -> Person | None:
    """Give the person who is asked for and whom no clause of the topic names."""
    person = topic_table()[topics[0][0]].person if topics else None
    if person is None or not person.asked.search(matching_form(question)):
        return None
    named = any(person.named.search(matching_form(clause.text)) for clause in policy.clauses_for(topics[0][0]))
    return None if named else person


def _likely(policy: PrivacyPolicy, topics: Sequence[tuple[str, float]], question: str) -> list[tuple[str, float]]:
    """Add the table's own guesses where the classifier is unsure, and wider topics for those the policy lacks."""
    weights = dict(topics)
    if topics and topics[0][1] < _SURE:
        for topic_id, probability in guess_topics(question):
            told = weights.get(topic_id, 0.0)
            weights[topic_id] = min(told + _GUESSED * probability, max(told, _UNSURE))
    for topic_id, probability in list(weights.items()):
        kin = _kin(policy, topic_id)
        if kin:
            weights[kin] = max(weights.pop(topic_id), weights.get(kin, 0.0))
        elif topic_id in topic_table() and not policy.clauses_for(topic_id):
            for step, wider in enumerate(wider_topics(topic_table()[topic_id], topic_table()), 1):
                weights[wider] = max(weights.get(wider, 0.0), _WIDER**step * probability)
    return sorted(weights.items(), key=lambda pair: -pair[1])


def _kin(policy: PrivacyPolicy, topic_id: str) -> str | None:
    """Name the topic that speaks for one which the policy lacks."""
    topic = topic_table().get(topic_id)
    kin = topic.kin if topic and not policy.clauses_for(topic_id) else None
    return kin if kin and policy.clauses_for(kin) else None


def _suffices(policy: PrivacyPolicy, topics: Sequence[tuple[str, float]], candidates: Sequence[_Candidate]) -> bool:
    """Tell whether the candidates answer; where a sure topic is missing, only the question's own words can tell."""
    if not topics:
        return max(candidate.by_words for candidate in candidates) >= _BY_WORDS
    if topics[0][1] < _SURE or policy.clauses_for(topics[0][0]):
        return max(candidate.weight for candidate in candidates) >= _ENOUGH
    if topic_table()[topics[0][0]].is_contact:
        return False
    return any(candidate.by_words >= _AGAINST and candidate.held >= _WORDS for candidate in candidates)


def _candidates(policy: PrivacyPolicy, question: str, topics: Sequence[tuple[str, float]]) -> list[_Candidate]:
    if _means_contact(topics):
        return list(_of_topics(policy, question, [(topics[0][0], _of_contact(topics))]).values())
    found = _of_topics(policy, question, topics)
    is_plain = sum(share for topic_id, share in topics if policy.clauses_for(topic_id)) >= _SURE
    for hit in policy.index.search(question):
        _add_hit(found, hit, policy.index.sharpest(question, hit.clause), _WORDS if is_plain else 1)
    for held in found.values():
        held.similar = policy.index.similarity(question, held.clause)
    return list(found.values())


def _of_topics(policy: PrivacyPolicy, question: str, topics: Sequence[tuple[str, float]]) -> dict[int, _Candidate]:
    found: dict[int, _Candidate] = {}
    for topic_id, probability in topics:
        for match in policy.matches_for(topic_id) if probability >= _UNLIKELY else ():
            if match.is_sound:
                clause = policy.index.neighbour(question, match.clause)
                held = found.setdefault(id(clause), _Candidate(clause))
                sureness = _LEAST_OF_TOPIC + (1 - _LEAST_OF_TOPIC) * min(match.score / _FULL_SCORE, 1)
                weight = math.sqrt(probability) * sureness
                if weight > held.by_topic:
                    held.topic_id, held.by_topic = topic_id, weight
    return found


def _means_contact(topics: Sequence[tuple[str, float]]) -> bool:
    """Tell whether a question is about reaching the company, whose words (number, mail) stand in many other clauses."""
    return bool(topics) and topic_table()[topics[0][0]].is_contact and _of_contact(topics) >= _CONTACT


def _of_contact(topics: Sequence[tuple[str, float]]) -> float:
    """Give how likely a question is about reaching the company, by whichever of its topics."""
    return sum(probability for topic_id, probability in topics if topic_table()[topic_id].is_contact)


def _add_hit(found: dict[int, _Candidate], hit: Hit, sharpest: Clause, least: int) -> None:
    """Credit a search hit to the clauses of a topic that lie in it or hold it, or to its sharpest part."""
    if hit.share < _LEAST_SHARE:
        return
    weight = hit.share * min(hit.score / _FULL_STRENGTH, 1)
    related = [c for c in found.values() if c.clause.lies_in(hit.clause) or hit.clause.lies_in(c.clause)]
    if not related and hit.held >= least:
        related = [found.setdefault(id(sharpest), _Candidate(sharpest))]
    for candidate in related:
        candidate.by_words, candidate.held = max(candidate.by_words, weight), max(candidate.held, hit.held)


def whole_clause(policy: PrivacyPolicy, citation: str, topic_id: str | None) -> PolicyAnswer:
    """Show a clause with all its items, however long; raise UnknownCitationError where it is none of the policy's."""
    return _covered(policy, topic_id, [replace(passage_of(policy.clause(citation), policy.tree), is_whole=True)])


def opening_of(policy: PrivacyPolicy, citation: str, topic_id: str | None) -> PolicyAnswer:
    """Show no more of a clause than its first words; raise UnknownCitationError where it is none of the policy's."""
    passage = passage_of(policy.clause(citation), policy.tree)
    text = opening(passage.text)
    shown = replace(passage, text=text, references=(), is_opening=text != passage.text)
    return _covered(policy, topic_id, [shown], citation if shown.is_opening else "")


def _made(policy: PrivacyPolicy, topic_id: str | None, clauses: Sequence[Clause], question: str) -> PolicyAnswer:
    """Lead with what was asked for and add the whole clause the first belongs to, when that is short."""
    leading: list[Clause] = []
    for clause in clauses:
        leading.extend(narrow(clause, lambda part: policy.index.similarity(question, part)))
    first, *others = leading
    passages, whole, rest = [passage_of(first, policy.tree)], enclosing(first), ""
    if whole is not None:
        passages.append(replace(passage_of(whole, policy.tree), is_whole=True, heading=()))
        others = [clause for clause in others if not clause.lies_in(whole)]
    elif more := beyond(first):
        rest = more.citation
    for clause in others:
        if sum(len(passage.text) for passage in passages) + len(clause.text) <= _MOST_CHARACTERS:
            passages.append(passage_of(clause, policy.tree))
    return _covered(policy, topic_id, passages, rest)


def _covered(policy: PrivacyPolicy, topic_id: str | None, passages: Sequence[Passage], rest: str = "") -> PolicyAnswer:
    label = topic_table()[topic_id].label if topic_id else ""
    shown = tuple(passages)
    return PolicyAnswer(True, topic_id, label, shown, None, None, policy.version, policy.date, policy.title, rest)


def _is_silent(policy: PrivacyPolicy, topics: Sequence[tuple[str, float]], best: _Candidate | None) -> bool:
    """Tell whether the policy says nothing, rather than that the question is unclear."""
    if not topics:
        return best is None or not best.held
    return topics[0][1] >= _MISSING and not policy.clauses_for(topics[0][0])


def _not_covered(policy: PrivacyPolicy, topics: Sequence[tuple[str, float]]) -> PolicyAnswer:
    topic = topic_table().get(topics[0][0]) if topics else None
    near: Sequence[Match] = ()
    if topic is not None:
        near = policy.matches_for(topic.id) or (policy.matches_for(topic.parent) if topic.parent else ())
    return _uncovered(policy, topic, near[0].clause if near else None)


def _unsure(policy: PrivacyPolicy, best: _Candidate | None) -> PolicyAnswer:
    near = best.clause if best is not None and best.rank >= _NEAR else None
    return replace(_uncovered(policy, None, near), is_unsure=True)


def _uncovered(policy: PrivacyPolicy, topic: Topic | None, near: Clause | None) -> PolicyAnswer:
    """Name the nearest clause if it is short and not the contact, which is given anyway."""
    contact = next(iter(policy.clauses_for("contact")), None)
    shows = near is not None and near is not contact and len(near.text) <= SHORT
    return PolicyAnswer(
        covered=False,
        topic=topic.id if topic else None,
        topic_label=topic.label if topic else "",
        passages=(),
        nearest=passage_of(near, policy.tree) if near is not None and shows else None,
        contact=passage_of(contact, policy.tree) if contact is not None else None,
        version=policy.version,
        date=policy.date,
        title=policy.title,
    )
