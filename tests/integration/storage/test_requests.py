from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.privacy.request_types import Level
from bot.privacy.statuses import IdentityStatus, Status
from bot.services.ports import RequestFilter, RequestList
from bot.services.records import DataSubjectRequest
from bot.storage.store import SqlStore
from tests.records import NOW, conversation, data_subject_request


def test_every_field_comes_back(store: SqlStore) -> None:
    full = data_subject_request(
        conversation="c1",
        customer="k1",
        store="新庄店",
        status=Status.DENIED,
        identity=IdentityStatus.VERIFIED,
        level=Level.CODE,
        decided_at=NOW,
        decision={"reason": "34_correct", "words": "内容に誤りがありませんでした。"},
        held_until=date(2026, 6, 9),
        assigned_to="s1",
    )
    with store.transaction() as tx:
        tx.conversations.add(conversation())
        assert tx.requests.add(full) == full
        assert tx.requests.get("r1") == full
        assert tx.requests.by_receipt("OK-r1") == full
        assert tx.requests.get("r2") is None
        assert tx.requests.by_receipt("OK-r2") is None


def test_the_same_key_is_the_same_request(store: SqlStore) -> None:
    with store.transaction() as tx:
        first = tx.requests.add(data_subject_request("r1"))
        assert tx.requests.add(data_subject_request("r2", idempotency_key="key-r1")) == first
        assert tx.requests.find(RequestFilter()) == [first]


def test_a_receipt_number_is_given_once(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.requests.add(data_subject_request("r1", receipt="OK-1"))
    with pytest.raises(IntegrityError), store.transaction() as tx:
        tx.requests.add(data_subject_request("r2", receipt="OK-1"))


def test_of_two_who_save_the_same_version_one_wins(store: SqlStore) -> None:
    with store.transaction() as tx:
        seen = tx.requests.add(data_subject_request())
        assert tx.requests.save(replace(seen, status=Status.IN_PROGRESS))
        assert not tx.requests.save(replace(seen, status=Status.REVOKED))
        assert tx.requests.get("r1") == replace(seen, status=Status.IN_PROGRESS, version=2)


def test_the_list_is_filtered_and_in_order(store: SqlStore) -> None:
    later = NOW + timedelta(hours=1)
    with store.transaction() as tx:
        tx.conversations.add(conversation())
        tx.requests.add(data_subject_request("late", created_at=later, conversation="c1"))
        tx.requests.add(data_subject_request("mine", customer="k1"))
        tx.requests.add(data_subject_request("other", company="kagoshima", status=Status.IN_PROGRESS, created_at=later))

        def found(**wanted: object) -> list[str]:
            return [one.id for one in tx.requests.find(RequestFilter(**wanted))]

        assert found() == ["mine", "late", "other"]
        assert found(limit=1) == ["mine"]
        assert found(company="okura") == ["mine", "late"]
        assert found(status="in_progress") == ["other"]
        assert found(customer="k1") == ["mine"]
        assert found(conversation="c1") == ["late"]
        assert found(company="okura", status="in_progress") == []
        assert found(after=(NOW, "mine")) == ["late", "other"]
        assert found(after=(later, "late")) == ["other"]
        assert found(company="okura", after=(later, "late")) == []


def test_staffs_list_comes_page_by_page(store: SqlStore) -> None:
    with store.transaction() as tx:
        for number in range(7):
            due, at = NOW.date() + timedelta(days=7 - number // 2), NOW + timedelta(hours=number)
            tx.requests.add(data_subject_request(str(number), due_date=due, created_at=at))
        tx.requests.add(data_subject_request("ended", status=Status.FULFILLED, created_at=NOW - timedelta(days=1)))
        tx.requests.add(data_subject_request("other", company="kagoshima"))

        def pages(**wanted: object) -> list[str]:
            found: list[DataSubjectRequest] = []
            page = tx.requests.page(RequestList("okura", limit=2, **wanted))
            while page:
                found += page
                page = tx.requests.page(RequestList("okura", limit=2, after=found[-1], **wanted))
            return [one.id for one in found]

        assert pages() == ["6", "4", "5", "2", "3", "0", "1"]
        assert pages(running=False) == ["6", "5", "4", "3", "2", "1", "0", "ended"]
        assert pages(running=False, status="fulfilled") == ["ended"]
        assert pages(due_before=NOW.date() + timedelta(days=6)) == ["6", "4", "5"]
        assert pages(due_from=NOW.date() + timedelta(days=7)) == ["0", "1"]


def test_staffs_list_is_filtered(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.requests.add(data_subject_request("north", store="north", type="erasure", assigned_to="s1"))
        tx.requests.add(data_subject_request("south", store="south"))
        tx.requests.add(data_subject_request("none", status=Status.IN_PROGRESS))

        def page(**wanted: object) -> set[str]:
            return {one.id for one in tx.requests.page(RequestList("okura", **wanted))}

        assert page(scope="north") == {"north", "none"}
        assert page(store="south") == {"south"}
        assert page(scope="north", store="south") == set()
        assert page(type="erasure") == page(assigned_to="s1") == {"north"}
        assert page(status="in_progress") == {"none"}


def test_ended_requests_are_found_by_their_end(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.requests.add(data_subject_request("open"))
        tx.requests.add(data_subject_request("ended", status=Status.FULFILLED, decided_at=NOW))
        tx.requests.add(data_subject_request("reopened", status=Status.OPEN, decided_at=NOW))
        after = RequestFilter(ended_before=NOW + timedelta(seconds=1))
        assert [one.id for one in tx.requests.find(after)] == ["ended"]
        assert tx.requests.find(RequestFilter(ended_before=NOW)) == []


def test_a_request_outlives_its_conversation(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation())
        tx.requests.add(data_subject_request(conversation="c1"))
        tx.conversations.erase("c1")
        assert tx.requests.get("r1") == data_subject_request(conversation=None)


def test_deleting_is_for_good(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.requests.add(data_subject_request())
        tx.requests.delete("r1")
        assert tx.requests.get("r1") is None


def test_an_emptied_request_is_noted_as_erased(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.requests.add(data_subject_request(status=Status.FULFILLED))
    with store.transaction() as tx:
        assert tx.request_lookup.find("okura", "髙橋花子", 5) == ["r1"]
        tx.requests.empty(data_subject_request(status=Status.FULFILLED, claimant={}, details={}))
    with store.transaction() as tx:
        assert tx.request_lookup.find("okura", "髙橋花子", 5) == []
        kept = tx.requests.get("r1")
        assert kept is not None
        assert (kept.claimant, kept.details, kept.receipt) == ({}, {}, "OK-r1")
    assert [erasure.table for erasure in store.erasures.since(NOW)] == ["requests"]


def test_receipts_and_stores_are_found_by_ids(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.requests.add(data_subject_request("r1", store="shinjo"))
        tx.requests.add(data_subject_request("r2"))
        assert tx.requests.receipts(["r1", "r2", "gone", "r1"]) == {"r1": ("OK-r1", "shinjo"), "r2": ("OK-r2", None)}
        assert tx.requests.receipts([]) == {}
