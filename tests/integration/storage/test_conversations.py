from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import NotFound
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import NOW, conversation, draft, message, one_time_code


@pytest.fixture(autouse=True)
def _one_conversation(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert tx.conversations.add(conversation())


def test_every_field_comes_back(store: SqlStore) -> None:
    full = conversation(
        "c2",
        external_id="U0123",
        store="新庄店",
        owner="staff",
        misunderstood=2,
        last_topics=("cookies", "contact"),
        verified_customer="k1",
        verified_level=2,
        verified_until=NOW + timedelta(minutes=30),
        ended_at=NOW,
    )
    with store.transaction() as tx:
        tx.conversations.add(full)
        assert tx.conversations.get("c2") == full
        assert tx.conversations.lock("c2") == full
        assert tx.conversations.get("nobody") is None


def test_a_conversation_is_added_once(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert not tx.conversations.add(conversation(channel="line"))
        assert tx.conversations.get("c1") == conversation()


def test_saving_changes_all_but_the_company(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.save(conversation(owner="staff", misunderstood=1, company="kagoshima"))
        assert tx.conversations.get("c1") == conversation(owner="staff", misunderstood=1)
        with pytest.raises(NotFound, match="no conversation nobody"):
            tx.conversations.save(conversation("nobody"))


def test_the_first_company_stays_bound(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation("c2", company=None))
        assert tx.conversations.bind_company("c2", "kagoshima") == "kagoshima"
        assert tx.conversations.bind_company("c2", "okura") == "kagoshima"
        with pytest.raises(NotFound):
            tx.conversations.bind_company("nobody", "okura")


def test_a_person_on_a_channel_is_found_in_the_latest_open_conversation(store: SqlStore) -> None:
    later = NOW + timedelta(days=1)
    with store.transaction() as tx:
        tx.conversations.add(conversation("old", channel="line", external_id="U1"))
        tx.conversations.add(conversation("new", channel="line", external_id="U1", created_at=later))
        tx.conversations.add(conversation("ended", channel="line", external_id="U1", created_at=later, ended_at=later))
        tx.conversations.add(conversation("other", channel="line", external_id="U2", created_at=later))
        found = tx.conversations.find_external("line", "okura", "U1")
        assert found is not None
        assert found.id == "new"
        assert tx.conversations.find_external("line", "kagoshima", "U1") is None
        assert tx.conversations.find_external("web", "okura", "U1") is None


def test_messages_are_numbered_within_their_conversation(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation("c2"))
        first = tx.conversations.add_message(message("m1"))
        second = tx.conversations.add_message(message("m2", author="bot", body={"buttons": [{"title": "はい"}]}))
        other = tx.conversations.add_message(message("m3", conversation="c2"))
        assert first is not None
        assert second is not None
        assert other is not None
        assert (first.seq, second.seq, other.seq) == (1, 2, 1)
        assert tx.conversations.messages("c1") == [first, second]
        assert tx.conversations.messages("c1", after_seq=1) == [second]


def test_a_message_needs_its_conversation(store: SqlStore) -> None:
    with store.transaction() as tx, pytest.raises(NotFound):
        tx.conversations.add_message(message(conversation="nobody"))


def test_an_event_is_taken_in_once_and_leaves_no_gap(store: SqlStore) -> None:
    with store.transaction() as tx:
        first = tx.conversations.add_message(message("m1", event_id="e1"))
        assert tx.conversations.add_message(message("m2", event_id="e1")) is None
        after = tx.conversations.add_message(message("m3", event_id="e2"))
        assert after is not None
        assert after.seq == 2
        assert tx.conversations.message_by_event("c1", "e1") == first
        assert tx.conversations.message_by_event("c1", "e3") is None


def test_the_same_event_id_in_another_conversation_is_another_event(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation("c2"))
        assert tx.conversations.add_message(message("m1", event_id="e1"))
        assert tx.conversations.add_message(message("m2", event_id="e1", conversation="c2"))


def test_what_customers_write_comes_back_to_the_last_character(store: SqlStore) -> None:
    odd = "髙﨑𠮷\U000e0100 \x00 \udc80 ' \" \\ %s {} \r\n"
    with store.transaction() as tx:
        tx.conversations.add_message(message(text=odd, body={"odd": odd}))
        assert tx.conversations.messages("c1")[0].text == odd
        assert tx.conversations.messages("c1")[0].body == {"odd": odd}


def test_replies_are_found_by_what_they_answer(store: SqlStore) -> None:
    with store.transaction() as tx:
        for number in (2, 3):
            tx.conversations.add_message(message(f"m{number}", author="bot", reply_to="m1"))
        tx.conversations.add_message(message("m4", author="bot", reply_to="m0"))
        assert [reply.id for reply in tx.conversations.replies_to("m1")] == ["m2", "m3"]


def test_an_inbound_message_is_answered_once(store: SqlStore) -> None:
    later = NOW + timedelta(seconds=30)
    with store.transaction() as tx:
        tx.conversations.add_message(message("m1"))
        tx.conversations.add_message(message("m2", author="bot"))
        tx.conversations.add_message(message("m3", created_at=later))
        assert [waiting.id for waiting in tx.conversations.unanswered(later, later)] == ["m1"]
        assert tx.conversations.mark_answered("m1", NOW)
        assert not tx.conversations.mark_answered("m1", later)
        assert tx.conversations.unanswered(later, later) == []
        assert tx.conversations.messages("c1")[0].answered_at == NOW


def test_a_conversation_is_one_workers_until_it_gives_it_back(store: SqlStore) -> None:
    soon = NOW + timedelta(seconds=15)
    with store.transaction() as tx:
        assert not tx.conversations.take("c1", "a", NOW, soon)  # Nothing waits in it.
        tx.conversations.add_message(message("m1"))
        assert tx.conversations.take("c1", "a", NOW, soon)
        assert tx.conversations.take("c1", "a", NOW, soon)
        assert not tx.conversations.take("c1", "b", NOW, soon)
        tx.conversations.give_back("c1", "b")
        assert not tx.conversations.take("c1", "b", NOW, soon)
        tx.conversations.give_back("c1", "a")
        assert tx.conversations.take("c1", "b", NOW, soon)
        tx.conversations.give_back("c1", "b")
        tx.conversations.mark_answered("m1", NOW)
        assert not tx.conversations.take("c1", "a", NOW, soon)


def test_only_who_has_a_conversation_prolongs_it(store: SqlStore) -> None:
    soon, later, after = (NOW + timedelta(seconds=seconds) for seconds in (15, 30, 31))
    with store.transaction() as tx:
        tx.conversations.add_message(message("m1"))
        tx.conversations.prolong("c1", "a", later)
        assert tx.conversations.take("c1", "b", NOW, soon)
        tx.conversations.prolong("c1", "a", after)
        tx.conversations.prolong("c1", "b", later)
        assert not tx.conversations.take("c1", "a", later, after)
        tx.conversations.give_back("c1", "b")
        tx.conversations.prolong("c1", "b", after)
        assert tx.conversations.take("c1", "a", NOW, soon)


def test_what_a_dead_worker_had_is_free_after_its_time(store: SqlStore) -> None:
    soon = NOW + timedelta(seconds=15)
    after = soon + timedelta(microseconds=1)
    with store.transaction() as tx:
        tx.conversations.add_message(message("m1"))
        tx.conversations.take("c1", "dead", NOW, soon)
        assert tx.conversations.unanswered(after, soon) == []
        assert not tx.conversations.take("c1", "b", soon, after)
        assert [waiting.id for waiting in tx.conversations.unanswered(after, after)] == ["m1"]
        assert tx.conversations.take("c1", "b", after, after + timedelta(seconds=15))


def test_to_have_a_conversation_changes_nothing_of_it(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add_message(message("m1"))
        tx.conversations.take("c1", "a", NOW, NOW + timedelta(seconds=15))
        seen = tx.conversations.get("c1")
        assert seen == conversation()
        tx.conversations.save(seen)
        assert not tx.conversations.take("c1", "b", NOW, NOW + timedelta(seconds=15))


def test_conversations_with_news_are_found_by_when_it_was_stored(store: SqlStore, clock: FixedClock) -> None:
    later = clock.advance(seconds=30)
    with store.transaction() as tx:
        tx.conversations.add(conversation("c2"))
        tx.conversations.add_message(message(created_at=NOW))
        assert tx.conversations.touched_since(later) == {"c1": later}
        assert tx.conversations.touched_since(later + timedelta(seconds=1)) == {}


def test_a_message_keeps_its_conversation_from_being_idle(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation("c2"))
        tx.conversations.add_message(message(created_at=clock.advance(days=2)))
        assert tx.conversations.idle_since(NOW + timedelta(days=1)) == ["c2"]
        assert tx.conversations.idle_since(NOW) == []


def test_the_conversations_of_a_customer_are_found(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.save(conversation(verified_customer="k1", verified_level=2))
        assert tx.conversations.of_customer("k1") == ["c1"]
        assert tx.conversations.of_customer("k2") == []


def test_erasing_takes_everything_along(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add_message(message(event_id="e1"))
        tx.drafts.save(draft())
        tx.codes.add(one_time_code())
        tx.engine_states.save("c1", "{}", 0, NOW)
        tx.conversations.erase("c1")
    with store.transaction() as tx:
        assert tx.conversations.get("c1") is None
        assert tx.conversations.messages("c1") == []
        assert tx.conversations.message_by_event("c1", "e1") is None
        assert tx.drafts.get("c1") is None
        assert tx.codes.latest("c1", "draft-1") is None
        assert tx.engine_states.load("c1") is None


def test_an_error_undoes_the_whole_transaction(store: SqlStore) -> None:
    def break_off() -> None:
        with store.transaction() as tx:
            tx.conversations.add_message(message())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    with store.transaction() as tx:
        assert tx.conversations.messages("c1") == []
        assert tx.conversations.get("c1") == conversation()


def test_a_change_is_announced_once_it_is_there_to_be_seen(store: SqlStore) -> None:
    seen: list[tuple[str, int]] = []

    def look(name: str) -> None:
        with store.transaction(read_only=True) as tx:
            seen.append((name, len(tx.conversations.messages(name))))

    store.announce = look
    with store.transaction() as tx:
        tx.conversations.add_message(message("m1"))
        tx.conversations.add_message(message("m2", author="staff"))
        assert seen == []
    assert seen == [("c1", 2)]
    with store.transaction() as tx:
        tx.conversations.save(conversation(owner="staff"))
    with store.transaction() as tx:
        tx.conversations.erase("c1")
    assert seen == [("c1", 2), ("c1", 2), ("c1", 0)]


def test_what_nobody_would_see_is_not_announced(store: SqlStore) -> None:
    announced: list[str] = []
    store.announce = announced.append

    def fail() -> None:
        with store.transaction() as tx:
            tx.conversations.add_message(message("m1"))
            tx.conversations.add_message(message("m2", conversation="nobody"))

    with pytest.raises(NotFound):
        fail()
    with store.transaction() as tx:
        tx.conversations.add(conversation("c2"))
        tx.conversations.take("c1", "a", NOW, NOW)
        tx.conversations.give_back("c1", "a")
    assert announced == []
