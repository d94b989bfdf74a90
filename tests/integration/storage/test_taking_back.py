"""What a customer takes back: one message, or the leave to write to them."""

from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import conversation, message, outbound


def test_a_message_is_erased_with_what_the_engine_remembers(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        for thread in ("c1", "c2"):
            tx.conversations.add(conversation(thread))
            tx.engine_states.save(thread, "状態", 0, clock.now())
        for number in ("m1", "m2"):
            tx.conversations.add_message(message(number))
        tx.conversations.erase_message("m1")
        assert [left.id for left in tx.conversations.messages("c1")] == ["m2"]
        assert tx.engine_states.load("c1") is None
        assert tx.engine_states.load("c2") is not None


def test_withdrawing_takes_back_what_is_not_sent_yet(store: SqlStore, clock: FixedClock) -> None:
    waiting = {"company": "okura", "kind": "line", "recipient": "U1"}
    others = [{"company": "kagoshima"}, {"kind": "email"}, {"recipient": "U2"}]
    with store.transaction() as tx:
        for number, change in enumerate([{}, *others]):
            tx.outbox.add(outbound(f"o{number}", key=f"key-{number}", **{**waiting, **change}))
        tx.outbox.add(outbound("sent", key="sent", **waiting))
        tx.outbox.mark_sent("sent", clock.now())
        assert tx.outbox.withdraw("okura", "line", "U1") == 1
        assert sorted(left.id for left in tx.outbox.find()) == ["o1", "o2", "o3", "sent"]
