"""A canary through every table, and then nowhere (attack 37)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import NotFound
from bot.privacy.statuses import Status
from bot.services.erasure import Erased, Erasure, StillRunning
from bot.storage.backup import backup, restore
from bot.storage.migrate import migrate
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.conftest import SECRET, FixedClock
from tests.integration.storage.everything_read import places_of
from tests.records import (
    NOW,
    conversation,
    customer,
    data_subject_request,
    draft,
    message,
    outbound,
    suppression,
)

CANARIES = ("カナリア", "canary", "+819011112222", "カナリヤ町")
CANARY = customer(
    "k9",
    name="カナリア 花子",
    name_kana="カナリア ハナコ",
    email="canary@example.jp",
    phone="+819011112222",
    address="山形県カナリヤ町1",
    previous_contacts=("old-canary@example.jp",),
)


@pytest.fixture
def haunted(store: SqlStore) -> SqlStore:
    """The canary wherever a customer's words and contacts come to be."""
    said = {"name": "カナリア花子", "email": "canary@example.jp"}
    with store.transaction() as tx:
        tx.customers.save_many([CANARY, customer("k1")])
        tx.conversations.add(conversation("c1", verified_customer="k9", external_id="Ucanary", channel="line"))
        tx.conversations.add(conversation("c2"))
        tx.conversations.add(conversation("c3"))
        tx.conversations.add_message(message("m1", text="カナリア花子です"))
        tx.drafts.save(draft(values=said))
        tx.engine_states.save("c1", "カナリア", 0, NOW)
        ended = data_subject_request("r1", customer="k9", conversation="c2", claimant=said, status=Status.FULFILLED)
        tx.requests.add(ended)
        tx.outbox.add(outbound("x1", recipient="canary@example.jp", text="カナリア様"))
        tx.outbox.add(outbound("x2", kind="line", recipient="Ucanary", text="カナリア様"))
        tx.suppressions.add(suppression("s1", contact="canary@example.jp", customer="k9"))
        tx.suppressions.add(suppression("s2", contact="+819011112222", means="phone"))
    return store


def test_nothing_is_left_but_a_keyed_hash(haunted: SqlStore, clock: FixedClock) -> None:
    assert len(places_of(haunted, *CANARIES)) > 10
    assert Erasure(haunted, clock).erase("okura", "no-k9", "operator") == Erased(2, 1, 2)
    assert places_of(haunted, *CANARIES) == []
    with haunted.transaction() as tx:
        assert tx.suppressions.suppressed("okura", ["canary@example.jp"], "email", "marketing")
        assert tx.suppressions.suppressed("okura", ["090-1111-2222"], "phone", "marketing")
        # Nobody else lost anything.
        assert tx.customers.get("k1")
        assert tx.conversations.get("c3")
        assert list(tx.audit.records())[-1].action == "customer.erased"


def test_a_restored_backup_brings_nobody_back(
    haunted: SqlStore, clock: FixedClock, tmp_path: Path, sqlite_url: str, vault: Vault
) -> None:
    file = tmp_path / "backup.gz"
    backup(haunted, file)
    clock.advance(minutes=30)
    Erasure(haunted, clock).erase("okura", "no-k9", "operator")
    url = f"sqlite:///{tmp_path / 'anew.db'}"
    migrate(url)
    anew = SqlStore(url, Vault(SECRET), clock, haunted.erasures)
    anew.prepare()
    restore(anew, file)
    assert places_of(anew, *CANARIES) == []
    anew.close()


def test_who_still_waits_for_an_answer_is_not_erased(haunted: SqlStore, clock: FixedClock) -> None:
    with haunted.transaction() as tx:
        request = tx.requests.get("r1")
        assert request
        tx.requests.save(replace(request, status=Status.IN_PROGRESS))
    with pytest.raises(StillRunning, match="OK-r1"):
        Erasure(haunted, clock).erase("okura", "no-k9", "operator")
    assert places_of(haunted, "カナリア")


def test_a_number_that_nobody_has_is_named(haunted: SqlStore, clock: FixedClock) -> None:
    for company, number in (("okura", "no-one"), ("kagoshima", "no-k9")):
        with pytest.raises(NotFound):
            Erasure(haunted, clock).erase(company, number, "operator")
