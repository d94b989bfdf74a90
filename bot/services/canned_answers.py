"""Texts that a company's staff send again and again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from bot.errors import NotFound
from bot.services.actors import staff_actor
from bot.services.company_settings import SettingRefused
from bot.services.ports import Clock, Store, Transaction
from bot.services.ports.company_settings import CannedAnswer

LONGEST_TITLE = 60
LONGEST_TEXT = 1000
MOST = 200
"""More are no help to whoever has to pick one."""


class CannedAnswers:
    """The canned answers of each company, changed with an audit record; raises SettingRefused for bad ones."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def list(self, company: str) -> Sequence[CannedAnswer]:
        """All of a company, in the order that its staff chose."""
        with self._store.transaction(read_only=True) as tx:
            return tx.canned_answers.list(company)

    def get(self, company: str, answer_id: str) -> CannedAnswer:
        """Find one of a company's; raise NotFound for another's."""
        with self._store.transaction(read_only=True) as tx:
            return _found(tx, company, answer_id)

    def add(self, company: str, title: str, text: str, staff: str) -> CannedAnswer:
        """Append one to the list."""
        title, text = _checked(title, text)
        with self._store.transaction() as tx:
            others = tx.canned_answers.list(company)
            if len(others) >= MOST:
                raise SettingRefused("setting_answers_full", limit=MOST)
            position = max((other.position for other in others), default=0) + 1
            answer = CannedAnswer(uuid.uuid4().hex, company, title, text, position)
            tx.canned_answers.save(answer)
            self._record(tx, answer, staff, "added")
        return answer

    def change(self, company: str, answer_id: str, title: str, text: str, staff: str) -> None:
        """Give one another title and text."""
        title, text = _checked(title, text)
        with self._store.transaction() as tx:
            before = _found(tx, company, answer_id)
            after = replace(before, title=title, text=text)
            if after != before:
                tx.canned_answers.save(after)
                self._record(tx, after, staff, "changed")

    def move_up(self, company: str, answer_id: str, staff: str) -> None:
        """Let one change places with the one above it; the first stays."""
        with self._store.transaction() as tx:
            _found(tx, company, answer_id)
            answers = tx.canned_answers.list(company)
            place = [answer.id for answer in answers].index(answer_id)
            if place == 0:
                return
            answers[place - 1], answers[place] = answers[place], answers[place - 1]
            for position, answer in enumerate(answers, start=1):
                if answer.position != position:
                    tx.canned_answers.save(replace(answer, position=position))
            self._record(tx, answers[place - 1], staff, "moved")

    def delete(self, company: str, answer_id: str, staff: str) -> None:
        """Take one off the list."""
        with self._store.transaction() as tx:
            answer = _found(tx, company, answer_id)
            tx.canned_answers.delete(answer_id)
            self._record(tx, answer, staff, "deleted")

    def _record(self, tx: Transaction, answer: CannedAnswer, staff: str, what: str) -> None:
        action, subject = f"settings.canned_answer_{what}", f"canned_answer:{answer.id}"
        tx.audit.append(staff_actor(staff), action, subject, answer.company, {}, {}, self._clock.now())


def _found(tx: Transaction, company: str, answer_id: str) -> CannedAnswer:
    answer = tx.canned_answers.get(answer_id)
    if answer is None or answer.company != company:
        raise NotFound(f"{company} has no canned answer {answer_id}")
    return answer


def _checked(title: str, text: str) -> tuple[str, str]:
    # A browser sends line ends as CR LF, and a customer shall get the text as it was typed.
    title, text = " ".join(title.split()), text.replace("\r\n", "\n").strip()
    if not title or not text:
        raise SettingRefused("setting_answer_empty")
    if len(title) > LONGEST_TITLE:
        raise SettingRefused("setting_too_long", limit=LONGEST_TITLE)
    if len(text) > LONGEST_TEXT:
        raise SettingRefused("setting_too_long", limit=LONGEST_TEXT)
    return title, text
