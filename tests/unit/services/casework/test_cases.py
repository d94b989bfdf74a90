from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.errors import NotFound
from bot.privacy.handoff import HandoffReason
from bot.services.casework.worker import CaseChanged, CaseOver, CaseRefused, HeldByColleague, Unread, Worker
from bot.services.staff.roles import Role
from tests.records import conversation
from tests.unit.services.casework.conftest import OTHER_COMPANY, PHRASES, SATOH, SUZUKI, Office


def words(error: CaseRefused) -> str:
    return PHRASES.text(error.phrase, **error.values)


def test_one_of_two_has_the_case_and_the_other_is_told_who(office: Office) -> None:
    case = office.waits()
    office.cases.claim(SATOH, case.id)
    office.cases.claim(SATOH, case.id)  # One's own stays one's own.
    with pytest.raises(HeldByColleague) as refused:
        office.cases.claim(SUZUKI, case.id)
    assert "佐藤さんが担当しています" in words(refused.value)
    assert office.case(case.id).claimed_by == "satoh"
    assert office.audited()[1:] == [("staff:satoh", "handoff.claimed")]


def test_of_many_claims_at_once_one_wins(office: Office) -> None:
    case, start = office.waits(), Barrier(8)

    def claim(number: int) -> bool:
        start.wait()
        try:
            office.cases.claim(Worker(f"s{number}", "", "okura"), case.id)
        except HeldByColleague:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(claim, range(8))) == [False] * 7 + [True]


def test_a_claim_gives_staff_the_conversation_that_the_bot_still_had(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.conversations.add(conversation())
    office.handoffs.note("c1", office.companies.get("okura"), HandoffReason.NOT_UNDERSTOOD, "m1")
    office.cases.claim(SATOH, office.handoffs.find()[0].id)
    assert office.thread("c1").owner == "staff"


@pytest.mark.parametrize("worker", [OTHER_COMPANY, Worker("x", "", "okura", store="shinjo")])
def test_a_case_of_another_company_or_store_is_not_there(office: Office, worker: Worker) -> None:
    case = office.waits(store="honsha")
    for act in (office.cases.claim, office.cases.release):
        with pytest.raises(NotFound):
            act(worker, case.id)
    with pytest.raises(NotFound):
        office.cases.finish(worker, case.id, "")
    with pytest.raises(NotFound):
        office.cases.assign(worker, case.id, worker.id, None)
    with pytest.raises(NotFound):
        office.cases.begin(worker, "c1")
    assert office.case(case.id).status == "waiting"


def test_only_ones_own_case_is_released(office: Office) -> None:
    case = office.waits()
    with pytest.raises(CaseChanged):
        office.cases.release(SATOH, case.id)
    office.cases.claim(SATOH, case.id)
    with pytest.raises(HeldByColleague):
        office.cases.release(SUZUKI, case.id)
    office.cases.release(SATOH, case.id)
    assert (office.case(case.id).status, office.case(case.id).claimed_by) == ("waiting", None)
    assert office.thread("c1").owner == "staff"


def test_a_case_is_taken_over_from_whoever_was_shown_as_its_holder(office: Office) -> None:
    case = office.waits()
    office.cases.claim(SATOH, case.id)
    with pytest.raises(CaseChanged):
        office.cases.assign(SUZUKI, case.id, "suzuki", None)
    office.cases.assign(SUZUKI, case.id, "suzuki", "satoh")
    assert office.case(case.id).claimed_by == "suzuki"
    assert office.audited()[-1] == ("staff:suzuki", "handoff.assigned")


def test_a_case_goes_to_colleagues_who_work_there_alone(office: Office) -> None:
    office.staff(Worker("audit", "監査", "okura"), Role.AUDITOR)
    office.staff(Worker("shinjo", "新庄", "okura"), store="shinjo")
    case = office.waits(store="honsha")
    assert {member.id for member in office.cases.colleagues(SATOH, "honsha")} == {"satoh", "suzuki"}
    for stranger in ("tanaka", "nobody", "audit", "shinjo"):
        with pytest.raises(NotFound):
            office.cases.assign(SATOH, case.id, stranger, None)
    office.cases.assign(SATOH, case.id, "suzuki", None)
    assert office.case(case.id).claimed_by == "suzuki"


def test_finishing_gives_the_conversation_back_with_a_word(office: Office) -> None:
    case = office.waits()
    office.cases.claim(SATOH, case.id)
    office.cases.finish(SATOH, case.id, " 折り返しお電話します。 ")
    assert office.thread("c1").owner == "bot"
    assert office.said("c1") == [("staff", "折り返しお電話します。"), ("bot", PHRASES.text("handoff_ended"))]
    with pytest.raises(CaseOver):
        office.cases.finish(SATOH, case.id, "もう一度")
    with pytest.raises(CaseOver):
        office.cases.assign(SATOH, case.id, "suzuki", "satoh")
    assert len(office.said("c1")) == 2


def test_a_case_that_the_bot_kept_ends_without_a_word(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.conversations.add(conversation())
    office.handoffs.note("c1", office.companies.get("okura"), HandoffReason.NOT_UNDERSTOOD, "m1")
    # Then the one who ends it has it for a moment, which the customer needn't know
    office.cases.finish(SATOH, office.handoffs.find()[0].id, "")
    assert office.said("c1") == []


def test_a_colleagues_case_is_not_finished(office: Office) -> None:
    case = office.waits()
    office.cases.claim(SATOH, case.id)
    with pytest.raises(HeldByColleague):
        office.cases.finish(SUZUKI, case.id, "")
    assert office.case(case.id).status == "claimed"


def test_what_the_customer_wrote_last_must_have_been_seen(office: Office) -> None:
    case = office.waits()
    office.hears("c1", "もしもし")
    office.hears("c1", "まだですか")
    with pytest.raises(Unread):
        office.cases.finish(SATOH, case.id, "", seen=1)
    assert office.case(case.id).status == "waiting"
    office.cases.finish(SATOH, case.id, "", seen=2)
    assert office.case(case.id).status == "closed"


def test_staff_may_take_a_conversation_from_the_bot(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.conversations.add(conversation(store="honsha"))
    case = office.cases.begin(SATOH, "c1")
    again = office.cases.begin(SATOH, "c1")
    assert again.id == case.id
    kept = office.case(case.id)
    assert (kept.reason, kept.claimed_by, kept.store) == (HandoffReason.STAFF, "satoh", "honsha")
    assert office.thread("c1").owner == "staff"
    with pytest.raises(HeldByColleague):
        office.cases.begin(SUZUKI, "c1")
