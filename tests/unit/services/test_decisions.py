"""Decisions of staff: what the law and four eyes ask, and what the customer hears of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from bot.errors import MadoguchiError, NotFound
from bot.privacy.refusal_grounds import UnknownGround
from bot.privacy.statuses import IdentityStatus, Status, TransitionError
from bot.services.decisions import Decision, DecisionRefused, SelfApproval
from bot.services.requests import Overtaken

DONE = Decision(Status.FULFILLED, "ご希望のとおりにいたしました。")
DENIED = Decision(Status.DENIED, "調べた結果をお知らせします。", "no_ground_found")


def test_a_decision_reaches_the_customer_everywhere(desk):
    request = desk.opened()
    assert desk.decisions.begin(request.id, "s1").status is Status.IN_PROGRESS
    decided = desk.decisions.decide(request.id, DONE, "s1")
    assert (decided.status, decided.decided_at is not None) == (Status.FULFILLED, True)
    mail, push = desk.outbox()
    assert mail[:2] == ("email", "taro@example.jp")
    assert push[:2] == ("line", "U0123")
    assert all(DONE.words in text for text in (mail[2], push[2], *desk.messages()))


def test_a_denial_needs_a_ground_of_the_law_and_words(desk):
    request = desk.opened()
    for decision, error in (
        (Decision(Status.DENIED, "だめです。"), UnknownGround),
        (Decision(Status.DENIED, "だめです。", "content_correct"), UnknownGround),
        (Decision(Status.DENIED, "  ", "no_ground_found"), DecisionRefused),
        (Decision(Status.FULFILLED, ""), DecisionRefused),
        (Decision(Status.EXPIRED, "おわり"), DecisionRefused),
    ):
        with pytest.raises(error):
            desk.decisions.decide(request.id, decision, "s1")
    assert desk.decisions.decide(request.id, DENIED, "s1").status is Status.DENIED
    assert "法律で定められた理由にあたらないため（個人情報保護法35条" in desk.outbox()[0][2]


def test_marketing_can_never_be_refused(desk):
    request = desk.opened("stop_marketing", IdentityStatus.UNVERIFIED)
    with pytest.raises(UnknownGround):
        desk.decisions.decide(request.id, DENIED, "s1")
    assert desk.decisions.decide(request.id, DONE, "s1").status is Status.FULFILLED


def test_nothing_is_fulfilled_for_somebody_unproven(desk):
    request = desk.opened(identity=IdentityStatus.MANUAL)
    with pytest.raises(DecisionRefused, match="verified"):
        desk.decisions.decide(request.id, DONE, "s1")
    with pytest.raises(NotFound):
        desk.decisions.confirm_identity(request.id, "nobody", "s1")
    assert desk.decisions.confirm_identity(request.id, "taro", "s1").verified
    assert desk.decisions.decide(request.id, DONE, "s1").status is Status.FULFILLED


def test_a_person_who_can_not_be_verified_is_denied_for_that(desk):
    request = desk.opened(identity=IdentityStatus.MANUAL)
    assert desk.decisions.refuse_identity(request.id, "s1").identity is IdentityStatus.REFUSED
    words = Decision(Status.DENIED, "書類の確認ができませんでした。", "identity_not_confirmed")
    assert desk.decisions.decide(request.id, words, "s1").status is Status.DENIED


def test_an_unproven_persons_decision_is_mailed_to_nobody(desk):
    request = desk.opened(identity=IdentityStatus.MANUAL)
    desk.decisions.decide(request.id, Decision(Status.DENIED, "確認できませんでした。", "identity_not_confirmed"), "s1")
    assert [kind for kind, _, _ in desk.outbox()] == ["line"]


def test_four_eyes_see_a_disclosure_and_an_erasure(desk):
    for kind in ("disclosure", "erasure"):
        request = desk.opened(kind)
        proposed = desk.decisions.decide(request.id, DONE, "s1")
        assert proposed.status is Status.IN_PROGRESS
        with pytest.raises(SelfApproval):
            desk.decisions.approve(request.id, "s1")
        assert desk.decisions.approve(request.id, "s2").status is Status.FULFILLED
        with pytest.raises(MadoguchiError):
            desk.decisions.approve(request.id, "s3")
    assert desk.decisions.decide(desk.opened("stop_use").id, DONE, "s1").status is Status.FULFILLED


def test_a_company_with_one_clerk_may_do_without_four_eyes(desk):
    desk.companies.changed = {"four_eyes": False}
    assert desk.decisions.decide(desk.opened("disclosure").id, DONE, "s1").status is Status.FULFILLED


def test_a_held_disclosure_waits(desk):
    desk.companies.changed = {"four_eyes": False}
    request = desk.opened("disclosure", held_until=date(2026, 6, 5))
    with pytest.raises(DecisionRefused, match="2026-06-05"):
        desk.decisions.decide(request.id, DONE, "s1")
    desk.clock.advance(days=3)
    assert desk.decisions.decide(request.id, DONE, "s1").status is Status.FULFILLED


def test_what_has_ended_never_changes(desk):
    request = desk.opened()
    desk.decisions.decide(request.id, DONE, "s1")
    for change in (
        lambda: desk.decisions.decide(request.id, DENIED, "s2"),
        lambda: desk.decisions.begin(request.id, "s2"),
        lambda: desk.decisions.extend(request.id, date(2026, 7, 1), "調査のため", "s2"),
        lambda: desk.decisions.refuse_identity(request.id, "s2"),
    ):
        with pytest.raises((TransitionError, DecisionRefused)):
            change()


def test_of_two_deciding_at_once_one_wins(desk):
    request = desk.opened()

    def decide(decision):
        try:
            return desk.decisions.decide(request.id, decision, "s1").status
        except (Overtaken, TransitionError):
            return "told"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(decide, (DONE, DENIED)))
    assert outcomes.count("told") == 1


def test_an_extension_needs_a_reason_and_tells_the_customer(desk):
    request = desk.opened()
    for due, reason in ((date(2026, 6, 30), " "), (request.due_date, "調査のため")):
        with pytest.raises(DecisionRefused):
            desk.decisions.extend(request.id, due, reason, "s1")
    assert desk.decisions.extend(request.id, date(2026, 6, 30), "調査に時間がかかるため", "s1").due_date == date(
        2026, 6, 30
    )
    told = [desk.outbox()[0][2], *desk.messages()]
    assert all("2026年6月30日（火）" in text and "調査に時間がかかるため" in text for text in told)


def test_every_change_is_an_audit_record_without_personal_text(desk):
    request = desk.opened(identity=IdentityStatus.MANUAL)
    desk.decisions.confirm_identity(request.id, "taro", "s1")
    desk.decisions.begin(request.id, "s1")
    desk.decisions.extend(request.id, date(2026, 6, 30), "山田様のご事情により", "s1")
    desk.decisions.decide(request.id, Decision(Status.DENIED, "山田様へ", "no_ground_found"), "s2")
    records = desk.audit(request)
    assert [(record.actor, record.action) for record in records] == [
        ("customer", "request.opened"),
        ("staff:s1", "request.identity_verified"),
        ("staff:s1", "request.begun"),
        ("staff:s1", "request.extended"),
        ("staff:s2", "request.decided"),
    ]
    assert records[-1].before["status"] == "in_progress"
    assert (records[-1].after["status"], records[-1].after["ground"]) == ("denied", "no_ground_found")
    assert "山田" not in repr(records)
    with desk.store.transaction() as tx:
        assert tx.audit.first_bad() is None
