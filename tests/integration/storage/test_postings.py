from datetime import timedelta

from bot.services.records import Posting
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import conversation, message


def _threads(store: SqlStore, *ids: str) -> None:
    with store.transaction() as tx:
        for thread in ids:
            tx.conversations.add(conversation(thread, channel="line"))
            tx.postings.begin(thread)


def _say(store: SqlStore, thread: str, author: str) -> None:
    with store.transaction() as tx:
        tx.conversations.add_message(message(f"{thread}-{author}", conversation=thread, author=author))


def _behind(store: SqlStore, clock: FixedClock) -> list[str]:
    with store.transaction(read_only=True) as tx:
        return tx.postings.behind(clock.now())


def test_what_the_bot_or_staff_said_waits_to_be_posted(store: SqlStore, clock: FixedClock) -> None:
    _threads(store, "asked", "answered", "by-staff")
    _say(store, "asked", "customer")
    _say(store, "answered", "bot")
    _say(store, "by-staff", "staff")
    assert sorted(_behind(store, clock)) == ["answered", "by-staff"]


def test_nothing_waits_once_it_was_posted(store: SqlStore, clock: FixedClock) -> None:
    _threads(store, "c1")
    _say(store, "c1", "bot")
    with store.transaction() as tx:
        assert tx.postings.lock("c1") == Posting("c1")
        tx.postings.save(Posting("c1", posted_seq=1, tried_seq=1))
    assert _behind(store, clock) == []
    with store.transaction() as tx:
        assert tx.postings.lock("c1") == Posting("c1", posted_seq=1, tried_seq=1)


def test_beginning_again_changes_nothing(store: SqlStore) -> None:
    _threads(store, "c1")
    with store.transaction() as tx:
        tx.postings.save(Posting("c1", posted_seq=3))
        tx.postings.begin("c1")
        assert tx.postings.lock("c1") == Posting("c1", posted_seq=3)


def test_a_conversation_waits_until_its_time_has_come(store: SqlStore, clock: FixedClock) -> None:
    _threads(store, "c1")
    _say(store, "c1", "bot")
    with store.transaction() as tx:
        tx.postings.save(Posting("c1", not_before=clock.now() + timedelta(seconds=5)))
    assert _behind(store, clock) == []
    clock.advance(seconds=5)
    assert _behind(store, clock) == ["c1"]


def test_an_ended_conversation_is_posted_no_more(store: SqlStore, clock: FixedClock) -> None:
    _threads(store, "c1")
    _say(store, "c1", "bot")
    with store.transaction() as tx:
        tx.conversations.save(conversation("c1", channel="line", ended_at=clock.now()))
    assert _behind(store, clock) == []


def test_an_erased_conversation_takes_its_posting_along(store: SqlStore) -> None:
    _threads(store, "c1")
    with store.transaction() as tx:
        tx.conversations.erase("c1")
        assert tx.postings.lock("c1") is None
