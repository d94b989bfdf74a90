"""Answer questions about a company's policy, and those that follow from the last answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from bot.knowledge.answering import PolicyAnswer, answer, opening_of, whole_clause
from bot.knowledge.passages import Passage
from bot.knowledge.privacy_policy import PrivacyPolicy, UnknownCitationError
from bot.knowledge.rendering import RenderedAnswer, render
from bot.knowledge.topics import followup_topic
from bot.privacy.due_dates import asks_how_long
from bot.services.phrases import Phrasebook, Reply
from bot.services.ports import Clock, Store
from bot.services.records import UnansweredQuestion
from bot.services.turns import Turn, question_ids
from bot.understanding.result import Question

_FOLLOWUPS = {
    "ask_followup_more": "more",
    "ask_followup_contact": "contact",
    "ask_followup_purpose": "purpose",
    "ask_followup_shorter": "shorter",
}
_OF_REQUESTS = frozenset({"rights_procedure", "fees", "identity_check", "agent_request"})
_ALL_PURPOSES = "purposes"
_Showing = Callable[[PrivacyPolicy, str, str | None], PolicyAnswer]
_ASIDE = "ask_followup_contact"  # After 「番号は？」, 「その目的は？」 still means what was spoken of before.


class PolicyAnswers:
    """The policy's own words for a customer's questions."""

    def __init__(self, store: Store, phrases: Phrasebook, clock: Clock) -> None:
        self._store = store
        self._phrases = phrases
        self._clock = clock

    def answer(self, turn: Turn) -> list[Reply]:
        """Quote what answers, one question after the other; keep what was asked for the questions that follow."""
        if said := self._of_last_answer(turn):
            return [said]
        questions = self._questions(turn)
        if not questions:
            return [self._phrases.say("followup_of_what" if self._last_topic(turn) is None else "followup_no_more")]
        policy = turn.company.policy
        if any(question.clause and policy.numbered(question.clause) is None for question in questions):
            return [self._no_such_number(policy)]
        answers = [answer(policy, question.text, question.topics, question.clause) for question in questions]
        self._remember(turn, questions, answers)
        return [self._reply(turn, answers)]

    def _reply(self, turn: Turn, answers: Sequence[PolicyAnswer]) -> Reply:
        """Put the answers into words, and say with buttons what goes on from here."""
        company = turn.company
        told = render(answers, company.name, company.contact, self._phrases, company.policy_url)
        names = ["offer_rest"] if any(found.rest for found in answers) else []
        names += dict.fromkeys(f"offer_{'unsure' if found.is_unsure else found.topic}" for found in answers)
        offers = [self._phrases.say(name) for name in names if name in self._phrases.names()]
        if asks_how_long(turn.text) and any(found.topic in _OF_REQUESTS for found in answers):
            offers.insert(0, self._phrases.say("days_to_answer", days=company.due_days))
        body = _body(answers, told, company.policy_url)
        body["parts"] += [{"kind": "offer", "text": offer.text} for offer in offers]
        text = "\n\n".join([told.text, *(offer.text for offer in offers)])
        return Reply(text, tuple(button for offer in offers for button in offer.buttons), body)

    def _no_such_number(self, policy: PrivacyPolicy) -> Reply:
        headings = policy.numbered_headings()
        name = "clause_unknown" if headings else "clause_unnumbered"
        return self._phrases.say(name, headings="\n".join(headings))

    def _of_last_answer(self, turn: Turn) -> Reply | None:
        """Show more or less of the clause that was shown, or say that it states the purpose; None for what is new."""
        kind = _FOLLOWUPS.get(turn.understanding.intent)
        shown = self._last_answer(turn) if kind else {}
        if kind == "purpose":
            return self._shown_purpose(turn, shown)
        if kind == "shorter" and self._last_topic(turn) is not None:
            first = next((passage["citation"] for passage in shown.get("passages", ())), "")
            part = self._part(turn, opening_of, first, shown)
            is_less = part is not None and len(part.passages[0].text) < _shown_length(shown)
            return self._reply(turn, [part]) if part and is_less else self._phrases.say("followup_no_shorter")
        part = self._part(turn, whole_clause, shown.get("rest", ""), shown) if kind == "more" else None
        return self._reply(turn, [part]) if part else None

    def _part(self, turn: Turn, showing: _Showing, citation: str, shown: Mapping[str, Any]) -> PolicyAnswer | None:
        """Show a clause by itself; None where it isn't the policy's, as it may have been changed in the meantime."""
        if not citation:
            return None
        try:
            return showing(turn.company.policy, citation, next(iter(shown.get("topics", ())), None))
        except UnknownCitationError:
            return None

    def _shown_purpose(self, turn: Turn, shown: Mapping[str, Any]) -> Reply | None:
        """Say that what was just shown is the purpose, rather than show it again."""
        topic, passages = self._last_topic(turn), shown.get("passages")
        if topic is None or not passages or not shown["covered"] or topic not in shown["topics"]:
            return None
        if followup_topic(topic, "purpose", lambda _: True) != topic:
            return None
        name = "followup_is_all_purposes" if topic == _ALL_PURPOSES else "followup_is_purpose"
        return self._phrases.say(name, citation=passages[0]["citation"])

    def _last_answer(self, turn: Turn) -> Mapping[str, Any]:
        with self._store.transaction(read_only=True) as tx:
            messages = tx.conversations.messages(turn.conversation)
        said = (message.body for message in reversed(messages) if message.author == "bot")
        return next((body for body in said if "topics" in body), {})

    def _last_topic(self, turn: Turn) -> str | None:
        with self._store.transaction(read_only=True) as tx:
            thread = tx.conversations.get(turn.conversation)
        return thread.last_topics[0] if thread and thread.last_topics else None

    def _questions(self, turn: Turn) -> Sequence[Question]:
        kind = _FOLLOWUPS.get(turn.understanding.intent)
        if kind is None:
            return turn.understanding.questions or (Question(turn.text, ()),)
        shown = {passage["citation"] for passage in self._last_answer(turn).get("passages", ())}
        topic = followup_topic(self._last_topic(turn), kind, lambda topic_id: _says_more(turn, topic_id, shown))
        return (Question(turn.text, ((topic, 1.0),)),) if topic else ()

    def _remember(self, turn: Turn, questions: Sequence[Question], answers: Sequence[PolicyAnswer]) -> None:
        topics = tuple(found.topic for found in answers if found.topic)
        is_aside = turn.understanding.intent == _ASIDE
        silent = [question for question, found in zip(questions, answers, strict=True) if not found.covered]
        with self._store.transaction(durable=False) as tx:
            thread = tx.conversations.lock(turn.conversation)
            if thread is None:
                return
            kept = thread.last_topics if is_aside and thread.last_topics else topics
            if kept != thread.last_topics or thread.misunderstood:
                tx.conversations.save(replace(thread, last_topics=kept, misunderstood=0))
            for key, question in zip(question_ids(turn.event, len(silent)), silent, strict=True):
                now = self._clock.now()
                tx.unanswered.add(
                    UnansweredQuestion(key, turn.company.id, question.text, "not_covered", now, thread.store)
                )


def _shown_length(shown: Mapping[str, Any]) -> int:
    return sum(len(passage["text"]) for passage in shown.get("passages", ()))


def _says_more(turn: Turn, topic_id: str, shown: Set[str]) -> bool:
    """Tell whether the policy speaks of a topic in a clause that was not just shown."""
    best = next(iter(turn.company.policy.clauses_for(topic_id)), None)
    return best is not None and shown.isdisjoint({best.citation, *(above.citation for above in best.ancestors())})


def _body(answers: Sequence[PolicyAnswer], told: RenderedAnswer, policy_url: str) -> dict[str, Any]:
    """Give the pieces that a channel may show better than running text."""
    shown = [passage for found in answers for passage in (*found.passages, found.nearest) if passage is not None]
    body: dict[str, Any] = {
        "parts": [{"kind": part.kind, "text": part.text} for part in told.parts],
        "passages": [_passage(passage) for passage in shown],
        "topics": [found.topic for found in answers if found.topic],
        "covered": all(found.covered for found in answers),
        "rest": next((found.rest for found in answers if found.rest), ""),
    }
    return {**body, "policy_url": policy_url} if policy_url else body


def _passage(passage: Passage) -> dict[str, Any]:
    return {"citation": passage.citation, "text": passage.text, "heading": list(passage.heading)}
