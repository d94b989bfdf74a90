"""A granted erasure: nothing of the person is left but the keyed hash that goes on stopping what was stopped."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.privacy.statuses import Status
from bot.services.decisions import Decision
from bot.services.records import Conversation, Message, OutboundMessage, Suppression
from bot.services.retention import Retention
from bot.settings import Settings
from bot.storage.repository import place, row_key, sealed_columns
from bot.storage.tables import metadata
from tests.records import handoff
from tests.unit.services.conftest import TARO

GRANTED = Decision(Status.FULFILLED, "太郎様の情報を消しました。", despite="済み")
CANARIES = ("太郎", "taro@example.jp", "819012345678", "Utaro", "カナリア")


@pytest.fixture
def known(desk):
    """Taro is known to the desk in every way."""
    desk.companies.changed = {"four_eyes": False}
    now = desk.clock.now()
    with desk.store.transaction() as tx:
        told = Conversation("c2", "line", "okura", now, now, external_id="Utaro", verified_customer="taro")
        tx.conversations.add(told)
        tx.conversations.add_message(Message("m1", "c2", 0, "customer", "カナリアです", now))
        tx.conversations.add_message(Message("m2", "c1", 0, "customer", "カナリアを消して", now))
        tx.suppressions.add(Suppression("s1", "okura", TARO.email, "email", "marketing", now))
        tx.outbox.add(OutboundMessage("x1", "okura", "email", TARO.email, "件名", "カナリア", "k1", now))
        tx.outbox.add(OutboundMessage("x2", "okura", "line", "Utaro", "", "カナリア", "k2", now))
    earlier = desk.opened("stop_use", claimant={"name": "山田太郎"}, details={"scope": "カナリア"})
    desk.decisions.decide(earlier.id, replace(GRANTED, words="太郎様、止めました。"), "s1")
    return desk


def _left(desk):
    """Everything in the database, in clear."""
    with desk.store.session() as session:
        for table in metadata.sorted_tables:
            for row in session.connection.execute(select(table)).mappings():
                for name, value in row.items():
                    if name in sealed_columns(table) and value is not None:
                        value = session.keyring.open(place(table, name, row[row_key(table)]), value)
                    yield f"{table.name}.{name}", str(value)


def _found(desk):
    return {place for place, value in _left(desk) if any(canary in value for canary in CANARIES)}


def test_nothing_is_left_but_the_hash(known):
    assert _found(known) >= {"customers.email", "requests.claimant", "messages.text", "outbox.text"}
    request = known.opened("erasure", claimant={"name": "山田太郎"})
    known.decisions.decide(request.id, GRANTED, "s1")
    # What tells the person of it is on its way, and stays to be read for ERASURE_DAYS.
    assert _found(known) == {"outbox.recipient", "outbox.text", "messages.text"}
    assert [text for _, _, text in known.outbox() if "消しました" in text]
    with known.store.transaction() as tx:
        (telling,) = tx.outbox.find("waiting")
        tx.outbox.mark_sent(telling.id, known.clock.now())
    known.clock.advance(days=8)
    Retention(known.store, known.clock, Settings(erasure_days=7)).run()
    assert _found(known) == set()
    with known.store.transaction() as tx:
        assert tx.suppressions.suppressed("okura", [TARO.email], "email", "marketing")
        assert tx.audit.first_bad() is None
    assert [record.action for record in known.audit(request)][-1] == "request.person_erased"


def test_what_was_not_granted_in_full_leaves_the_register(known):
    for details, decision in (
        ({"scope": "整備の記録"}, GRANTED),
        ({"scope": "all"}, replace(GRANTED, part=True, ground="no_ground_found")),
        ({"scope": "all"}, Decision(Status.DENIED, "消せません。", "no_ground_found")),
    ):
        known.decisions.decide(known.opened("erasure", details=details).id, decision, "s1")
    with known.store.transaction() as tx:
        assert tx.customers.get("taro") == TARO
        assert tx.conversations.get("c2")


def test_a_running_request_of_the_person_can_still_be_ended(known):
    running = known.opened("stop_use")
    known.decisions.decide(known.opened("erasure").id, GRANTED, "s1")
    assert known.decisions.decide(running.id, GRANTED, "s1").status is Status.FULFILLED


def test_a_conversation_with_an_open_case_waits_for_it(known):
    known.decisions.decide(known.opened("erasure").id, GRANTED, "s1")
    with known.store.transaction() as tx:
        case = tx.handoffs.add(handoff("h1", conversation="c1"))
    known.clock.advance(days=8)
    retention = Retention(known.store, known.clock, Settings(erasure_days=7))
    assert retention.run()["erased_conversations"] == 0
    with known.store.transaction() as tx:
        tx.handoffs.close(case.id, known.clock.now())
    assert retention.run()["erased_conversations"] == 1
