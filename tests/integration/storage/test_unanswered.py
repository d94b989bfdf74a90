from __future__ import annotations

from datetime import timedelta

from bot.services.turns import question_ids
from bot.storage.store import SqlStore
from tests.records import NOW, conversation, draft, message, unanswered_question


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


def test_a_message_that_is_taken_back_takes_what_quotes_it_along(store: SqlStore) -> None:
    theirs, another = (message(id=name, event_id=name) for name in ("m1", "m2"))
    with store.transaction() as tx:
        tx.conversations.add(conversation())
        for one in (theirs, another):
            tx.conversations.add_message(one)
            for name in question_ids(one.id, 2):
                tx.unanswered.add(unanswered_question(name))
        tx.drafts.save(draft(last_event="m1"))
        tx.conversations.erase_message("m2")
        assert [kept.id for kept in tx.unanswered.find()] == sorted(question_ids("m1", 2))
        assert tx.drafts.get("c1") is not None
        tx.conversations.erase_message("m1")
        assert tx.unanswered.find() == []
        assert tx.drafts.get("c1") is None


def test_a_companys_latest_come_first_and_in_pages(store: SqlStore) -> None:
    asked = [unanswered_question(f"q{hour}", asked_at=NOW + timedelta(hours=hour)) for hour in range(3)]
    with store.transaction() as tx:
        for question in (*asked, unanswered_question("k1", company="kagoshima")):
            tx.unanswered.add(question)
        assert tx.unanswered.latest("okura", 2) == [asked[2], asked[1]]
        assert tx.unanswered.latest("okura", 2, asked[1].asked_at) == [asked[0]]
