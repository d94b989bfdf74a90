"""Answer questions about a company's policy, and those that follow from the last answer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.knowledge.answering import PolicyAnswer, answer
from bot.knowledge.passages import Passage
from bot.knowledge.rendering import RenderedAnswer, render
from bot.knowledge.topics import followup_topic
from bot.services.phrases import Phrasebook, Reply
from bot.services.ports import Clock, Store
from bot.services.records import UnansweredQuestion
from bot.services.turns import Turn
from bot.understanding.result import Question

_FOLLOWUPS = {"ask_followup_more": "more", "ask_followup_contact": "contact", "ask_followup_purpose": "purpose"}


class PolicyAnswers:
    """The policy's own words for a customer's questions."""

    def __init__(self, store: Store, phrases: Phrasebook, clock: Clock) -> None:
        self._store = store
        self._phrases = phrases
        self._clock = clock

    def answer(self, turn: Turn) -> list[Reply]:
        """Quote what answers, one question after the other; keep what was asked for the questions that follow."""
        questions = self._questions(turn)
        if not questions:
            return [self._phrases.say("followup_of_what")]
        policy = turn.company.policy
        answers = [answer(policy, question.text, question.topics) for question in questions]
        self._remember(turn, questions, answers)
        told = render(answers, turn.company.name, turn.company.contact, self._phrases, turn.company.policy_url)
        return [Reply(told.text, body=_body(answers, told, turn.company.policy_url))]

    def _questions(self, turn: Turn) -> Sequence[Question]:
        kind = _FOLLOWUPS.get(turn.understanding.intent)
        if kind is None:
            return turn.understanding.questions or (Question(turn.text, ()),)
        with self._store.transaction(read_only=True) as tx:
            thread = tx.conversations.get(turn.conversation)
        last = thread.last_topics[0] if thread and thread.last_topics else None
        topic = followup_topic(last, kind)
        return (Question(turn.text, ((topic, 1.0),)),) if topic else ()

    def _remember(self, turn: Turn, questions: Sequence[Question], answers: Sequence[PolicyAnswer]) -> None:
        topics = tuple(found.topic for found in answers if found.topic)
        silent = [question for question, found in zip(questions, answers, strict=True) if not found.covered]
        with self._store.transaction(durable=False) as tx:
            thread = tx.conversations.lock(turn.conversation)
            if thread is None:
                return
            if topics != thread.last_topics or thread.misunderstood:
                tx.conversations.save(replace(thread, last_topics=topics, misunderstood=0))
            for index, question in enumerate(silent):
                key = uuid.uuid5(uuid.NAMESPACE_OID, f"unanswered:{turn.event}:{index}").hex
                tx.unanswered.add(
                    UnansweredQuestion(key, turn.company.id, question.text, "not_covered", self._clock.now())
                )


def _body(answers: Sequence[PolicyAnswer], told: RenderedAnswer, policy_url: str) -> dict[str, Any]:
    """Give the pieces that a channel may show better than running text."""
    shown = [passage for found in answers for passage in found.passages]
    body: dict[str, Any] = {
        "parts": [{"kind": part.kind, "text": part.text} for part in told.parts],
        "passages": [_passage(passage) for passage in shown],
        "topics": [found.topic for found in answers if found.topic],
        "covered": all(found.covered for found in answers),
    }
    return {**body, "policy_url": policy_url} if policy_url else body


def _passage(passage: Passage) -> dict[str, Any]:
    return {"citation": passage.citation, "text": passage.text, "heading": list(passage.heading)}
