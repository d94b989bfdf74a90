"""What staff do with a request before it is decided."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.errors import NotFound
from bot.privacy.identity_documents import DocumentRefused, Seen
from bot.privacy.statuses import IdentityStatus, Status
from bot.services.decisions import DecisionRefused
from bot.services.request_tasks import tasks_of
from bot.services.request_work import IdentityDoubt
from bot.services.requests import Overtaken
from bot.services.staff.roles import Role
from tests.unit.services.conftest import PROOF, TARO


def _save(desk, *customers):
    with desk.store.transaction() as tx:
        tx.customers.save_many(customers)


def test_whoever_begins_has_it_unless_somebody_has(desk):
    assert desk.work.begin(desk.opened().id, "s1").assigned_to == "s1"
    given = desk.opened()
    desk.hire("s2")
    desk.work.assign(given.id, "s2", "s1")
    begun = desk.work.begin(given.id, "s1")
    assert (begun.assigned_to, begun.status) == ("s2", Status.IN_PROGRESS)


def test_it_is_given_to_those_alone_who_work_for_the_company(desk):
    desk.hire("s2")
    desk.hire("auditor", Role.AUDITOR)
    desk.hire("elsewhere", company="kagoshima")
    request = desk.opened()
    desk.hire("south", store="south")
    with desk.store.transaction() as tx:
        tx.requests.save(replace(request, store="north"))
    for staff in ("auditor", "elsewhere", "south", "nobody"):
        with pytest.raises(DecisionRefused):
            desk.work.assign(request.id, staff, "s1")
    assert desk.work.assign(request.id, "s2", "s1").assigned_to == "s2"
    assert desk.work.assign(request.id, "", "s1").assigned_to is None
    assert [record.after["assigned_to"] for record in desk.audit(request)[1:]] == ["s2", ""]


def test_tasks_are_ticked_by_name_and_time_and_audited_once(desk):
    request = desk.opened("erasure")
    desk.work.tick(request.id, "erase_lists", True, "s1")
    desk.work.tick(request.id, "erase_lists", True, "s2")
    with desk.store.transaction() as tx:
        done = {task.key: task.done for task in tasks_of(tx, request, desk.companies.get("okura"))}
    assert (done["erase_lists"].done_by, done["erase_lists"].done_at) == ("s1", desk.clock.now())
    assert done["erase_sales_system"] is None
    desk.work.tick(request.id, "erase_lists", False, "s2")
    told = [(record.action, record.after["task"]) for record in desk.audit(request)[1:]]
    assert told == [("request.task_done", "erase_lists"), ("request.task_reopened", "erase_lists")]
    with pytest.raises(NotFound):
        desk.work.tick(request.id, "stop_lists", True, "s1")


def test_what_is_less_than_everything_is_taken_from_the_register_by_staff(desk):
    def tasks(said):
        request = desk.opened("erasure", details={"scope": said})
        with desk.store.transaction() as tx:
            return {task.key: task.value for task in tasks_of(tx, request, desk.companies.get("okura"))}

    assert tasks("整備の記録")["erase_from_register"] == "整備の記録"
    assert "erase_from_register" not in tasks("all")


def test_each_recipient_is_told(desk):
    def tasks(said):
        request = desk.opened("stop_provision", details={"recipient": said})
        with desk.store.transaction() as tx:
            return [(task.key, task.value) for task in tasks_of(tx, request, desk.companies.get("okura"))]

    assert tasks("ロータス\n保険会社")[:2] == [("tell_recipient:1", "ロータス"), ("tell_recipient:2", "保険会社")]
    named = tasks("all")
    assert any("ロータス" in value for _, value in named)
    assert named[-1] == ("stop_handing_on", "")


def test_a_person_is_verified_by_kinds_of_documents_alone(desk):
    request = desk.opened(identity=IdentityStatus.MANUAL)
    proof = replace(PROOF, documents=["drivers_licence", "power_of_attorney"], seen=Seen.COPY)
    verified = desk.work.confirm_identity(request.id, proof, "s1")
    assert (verified.identity, verified.customer) == (IdentityStatus.VERIFIED, "taro")
    after = desk.audit(request)[-1].after
    assert (after["documents"], after["seen"]) == ("drivers_licence,power_of_attorney", "copy")


def test_what_proves_nothing_is_refused(desk):
    _save(
        desk, replace(TARO, id="other", company="kagoshima"), replace(TARO, id="south", customer_no="2", store="south")
    )
    request = desk.opened(identity=IdentityStatus.MANUAL)
    for proof, error in (
        (replace(PROOF, documents=[]), DecisionRefused),
        (replace(PROOF, documents=["my_number_card"], seen=Seen.COPY), DocumentRefused),
        (replace(PROOF, customer="nobody"), NotFound),
        (replace(PROOF, customer="other"), NotFound),
        (replace(PROOF, customer="south"), NotFound),
    ):
        with pytest.raises(error):
            desk.work.confirm_identity(request.id, proof, "s1", scope="north")
    assert not desk.requests.get(request.receipt).verified
    assert (
        desk.work.confirm_identity(request.id, replace(PROOF, customer="south"), "s1", scope="south").store == "south"
    )
    with desk.store.transaction() as tx:
        assert tx.conversations.get("c1").store == "south"


def test_a_person_is_verified_for_the_request_that_was_seen(desk):
    request = desk.opened(identity=IdentityStatus.MANUAL)
    desk.work.begin(request.id, "s1")
    with pytest.raises(Overtaken):
        desk.work.confirm_identity(request.id, PROOF, "s1", version=request.version)


def test_a_contact_changed_lately_holds_what_is_verified_by_hand_too(desk):
    changed = desk.clock.now() - timedelta(days=6)
    _save(desk, replace(TARO, contact_changed_at=changed, previous_contacts=("old@example.jp",)))
    request = desk.opened("disclosure", IdentityStatus.MANUAL)
    assert desk.work.confirm_identity(request.id, PROOF, "s1").held_until == date(2026, 6, 3)
    assert [recipient for _, recipient, _ in desk.outbox()] == ["old@example.jp"]
    assert desk.work.confirm_identity(desk.opened("stop_use", IdentityStatus.MANUAL).id, PROOF, "s1").held_until is None


def test_why_a_person_could_not_be_verified_is_noted(desk):
    request = desk.opened(identity=IdentityStatus.MANUAL)
    assert desk.work.refuse_identity(request.id, IdentityDoubt.NO_MATCH, "s1").identity is IdentityStatus.REFUSED
    assert desk.audit(request)[-1].after["doubt"] == "no_match"
    assert desk.work.confirm_identity(request.id, PROOF, "s1").verified
