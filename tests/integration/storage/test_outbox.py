from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.storage.store import SqlStore
from bot.storage.tables import outbox
from tests.conftest import FixedClock
from tests.records import NOW, outbound

WAITING = outbound(next_try_at=NOW)


def test_a_cause_enqueues_once(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert tx.outbox.add(outbound())
        assert not tx.outbox.add(outbound("x2", key="key-x1"))
        assert tx.outbox.find() == [WAITING]


def test_what_is_due_is_claimed_for_a_while(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        tx.outbox.add(outbound("x1"))
        tx.outbox.add(outbound("later", next_try_at=NOW + timedelta(hours=1)))
        (claimed,) = tx.outbox.take_due(clock.now(), 10, lease_s=60)
        assert claimed == replace(WAITING, tries=1, next_try_at=NOW + timedelta(seconds=60))
        assert tx.outbox.take_due(clock.advance(seconds=59), 10, lease_s=60) == []
        assert [one.tries for one in tx.outbox.take_due(clock.advance(seconds=1), 10, lease_s=60)] == [2]


def test_no_more_are_claimed_than_asked_for_the_longest_waiting_first(store: SqlStore) -> None:
    with store.transaction() as tx:
        for minute in (3, 1, 2):
            tx.outbox.add(outbound(f"x{minute}", created_at=NOW - timedelta(minutes=minute)))
        assert [one.id for one in tx.outbox.take_due(NOW, 2, 60)] == ["x3", "x2"]


def test_a_sent_message_leaves_nothing_personal(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.outbox.add(outbound())
        tx.outbox.take_due(NOW, 1, 60)
        tx.outbox.mark_sent("x1", NOW)
        (sent,) = tx.outbox.find("sent")
        assert sent == outbound(status="sent", tries=1, recipient="", subject="", text="", next_try_at=None)
        assert tx.outbox.take_due(NOW + timedelta(days=1), 1, 60) == []
        assert not tx.outbox.add(outbound("x2", key="key-x1"))
        assert tx.outbox.erase_recipient("hanako@example.jp") == 0


def test_a_failed_message_waits_for_its_time(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        tx.outbox.add(outbound())
        tx.outbox.take_due(NOW, 1, 60)
        tx.outbox.mark_failed("x1", "the mail server answered 451", NOW + timedelta(seconds=90))
        assert tx.outbox.take_due(clock.advance(seconds=89), 1, 60) == []
        (again,) = tx.outbox.take_due(clock.advance(seconds=1), 1, 60)
        assert (again.tries, again.last_error) == (2, "the mail server answered 451")


def test_a_dead_letter_lies_until_it_is_put_back(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.outbox.add(outbound())
        assert not tx.outbox.retry("x1", NOW)
        tx.outbox.take_due(NOW, 1, 60)
        tx.outbox.mark_failed("x1", "refused: 550", None)
        assert tx.outbox.take_due(NOW + timedelta(days=1), 1, 60) == []
        assert [one.id for one in tx.outbox.find("dead")] == ["x1"]
        assert tx.outbox.retry("x1", NOW)
        assert [one.tries for one in tx.outbox.take_due(NOW, 1, 60)] == [1]


def test_sent_rows_are_deleted_by_when_they_were_sent(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.outbox.add(outbound("x1"))
        tx.outbox.add(outbound("x2"))
        tx.outbox.mark_sent("x1", NOW)
        assert tx.outbox.delete_sent(NOW) == 0
        assert tx.outbox.delete_sent(NOW + timedelta(seconds=1)) == 1
        assert [one.id for one in tx.outbox.find()] == ["x2"]


def test_dead_letters_are_deleted_by_when_they_were_written(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.outbox.add(outbound("x1"))
        tx.outbox.add(outbound("x2"))
        tx.outbox.mark_failed("x1", "refused", None)
        assert tx.outbox.delete_dead(NOW) == 0
        assert tx.outbox.delete_dead(NOW + timedelta(seconds=1)) == 1
        assert [one.id for one in tx.outbox.find()] == ["x2"]


def test_all_to_a_person_can_be_erased(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.outbox.add(outbound("x1"))
        tx.outbox.add(outbound("x2", recipient="Hanako@Example.jp"))
        tx.outbox.add(outbound("x3", recipient="taro@example.jp"))
        assert tx.outbox.erase_recipient("hanako@example.jp") == 2
        assert [one.id for one in tx.outbox.find()] == ["x3"]


def test_an_error_text_is_sealed_like_the_rest(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.outbox.add(outbound())
        tx.outbox.mark_failed("x1", "550 no such user hanako", None)
    with store.session() as session:
        assert "hanako" not in str(session.connection.execute(outbox.select()).all())


def test_a_companys_dead_letters_are_shown_and_discarded(store: SqlStore) -> None:
    with store.transaction() as tx:
        for number, company in enumerate(("okura", "okura", "kagoshima", "okura")):
            tx.outbox.add(outbound(f"x{number}", company=company, created_at=NOW + timedelta(hours=number)))
        for number in range(3):
            tx.outbox.mark_failed(f"x{number}", "refused", None)
        assert [letter.id for letter in tx.outbox.dead("okura", 9)] == ["x1", "x0"]
        assert [letter.id for letter in tx.outbox.dead("okura", 1)] == ["x1"]
        assert not tx.outbox.discard("x3")
        assert tx.outbox.discard("x0")
        assert not tx.outbox.discard("x0")
        assert tx.outbox.get("x0") is None
        assert tx.outbox.get("x3") is not None
