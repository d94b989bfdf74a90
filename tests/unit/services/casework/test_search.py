from __future__ import annotations

import pytest

from bot.privacy.statuses import IdentityStatus, Status
from bot.services.casework.worker import Worker
from tests.records import conversation, customer, data_subject_request
from tests.unit.services.casework.conftest import OTHER_COMPANY, SATOH, Office


@pytest.fixture(autouse=True)
def _people(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.customers.save_many([customer()])
        tx.conversations.add(conversation("c0"))
        said = {"name": "山田太郎", "contact": "090-0000-1111"}
        tx.requests.add(data_subject_request("said", receipt="OK-AAAA-BBBB-CCCC", claimant=said, conversation="c0"))
        proven = {"customer": "k1", "identity": IdentityStatus.VERIFIED, "status": Status.FULFILLED, "claimant": {}}
        tx.requests.add(data_subject_request("proven", store="honsha", **proven))
    office.waits("c1", verified_customer="k1")


def found(office: Office, text: str, worker: Worker = SATOH) -> list[str]:
    return sorted(row.what if row.kind == "case" else row.id for row in office.search.find(worker, text).rows)


@pytest.mark.parametrize(
    "text", ["髙橋 花子", "高橋花子", "たかはし はなこ", "hanako@example.jp", "090-1234-5678", "山形500あ1234"]
)
def test_a_verified_person_is_found_by_all_that_the_register_knows(office: Office, text: str) -> None:
    assert found(office, text) == ["asked", "proven"]
    assert office.search.find(SATOH, text).customers == 1


@pytest.mark.parametrize(
    "text", ["山田 太郎", "０９０−００００−１１１１", "ok-aaaa-bbbb-cccc", "受付番号は OK-AAAA-BBBB-CCCC"]
)
def test_an_unverified_person_is_found_by_what_was_said(office: Office, text: str) -> None:
    assert found(office, text) == ["said"]


@pytest.mark.parametrize("text", ["", "  ", "花子", "%", "' OR 1=1", "x" * 5000])
def test_nothing_else_finds_anybody(office: Office, text: str) -> None:
    assert found(office, text) == []


def test_what_is_not_theirs_to_see_is_not_found(office: Office) -> None:
    for text in ("高橋花子", "山田太郎", "OK-AAAA-BBBB-CCCC"):
        assert found(office, text, OTHER_COMPANY) == []
    assert found(office, "高橋花子", Worker("s", "", "okura", store="shinjo")) == ["asked"]
