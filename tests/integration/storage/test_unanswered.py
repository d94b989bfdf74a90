from __future__ import annotations

from datetime import timedelta

from bot.storage.store import SqlStore
from tests.records import NOW, unanswered_question


def test_questions_come_back_in_order_and_go_when_old(store: SqlStore) -> None:
    later = unanswered_question("q1", asked_at=NOW + timedelta(days=1))
    first = unanswered_question("q2")
    unbound = unanswered_question("q3", company=None, asked_at=NOW + timedelta(days=2))
    with store.transaction() as tx:
        for question in (later, first, unbound):
            tx.unanswered.add(question)
        assert tx.unanswered.find() == [first, later, unbound]
        assert tx.unanswered.find("okura") == [first, later]
        assert tx.unanswered.delete_older(NOW + timedelta(hours=1)) == 1
        assert tx.unanswered.find() == [later, unbound]


def test_a_question_that_is_there_is_added_no_second_time(store: SqlStore) -> None:
    question = unanswered_question("q1")
    with store.transaction() as tx:
        assert tx.unanswered.add(question)
        assert not tx.unanswered.add(question)
        assert tx.unanswered.find() == [question]
