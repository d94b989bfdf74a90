"""Decisions of staff: what the law and four eyes ask, and what the customer hears of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from bot.errors import MadoguchiError
from bot.privacy.refusal_grounds import UnknownGround
from bot.privacy.statuses import IdentityStatus, Status, TransitionError
from bot.services.decisions import Decision, DecisionRefused, SelfApproval
from bot.services.ports.company_settings import StaffChoices
from bot.services.request_work import IdentityDoubt
from bot.services.requests import Overtaken
from tests.unit.services.conftest import PROOF

DONE = Decision(Status.FULFILLED, "ご希望のとおりにいたしました。", despite="台帳で済ませたため")
DENIED = Decision(Status.DENIED, "調べた結果をお知らせします。", "no_ground_found")


def test_a_decision_reaches_the_customer_everywhere(desk):
    request = desk.opened()
    assert desk.work.begin(request.id, "s1").status is Status.IN_PROGRESS
    decided = desk.decisions.decide(request.id, DONE, "s1")
    assert (decided.status, decided.decided_at is not None) == (Status.FULFILLED, True)
    # LINE's poster pushes what stands in the conversation: another push of ours would come twice.
    [mail] = desk.outbox()
    assert mail[:2] == ("email", "taro@example.jp")
    assert all(DONE.words in text for text in (mail[2], *desk.messages()))


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
    assert desk.work.confirm_identity(request.id, PROOF, "s1").verified
    assert desk.decisions.decide(request.id, DONE, "s1").status is Status.FULFILLED


def test_a_person_who_can_not_be_verified_is_denied_for_that(desk):
    request = desk.opened(identity=IdentityStatus.MANUAL)
    assert desk.work.refuse_identity(request.id, IdentityDoubt.NO_DOCUMENT, "s1").identity is IdentityStatus.REFUSED
    words = Decision(Status.DENIED, "書類の確認ができませんでした。", "identity_not_confirmed")
    assert desk.decisions.decide(request.id, words, "s1").status is Status.DENIED


def test_an_unproven_persons_decision_is_mailed_to_nobody(desk):
    request = desk.opened(identity=IdentityStatus.MANUAL)
    desk.decisions.decide(request.id, Decision(Status.DENIED, "確認できませんでした。", "identity_not_confirmed"), "s1")
    assert desk.outbox() == []
    assert "確認できませんでした。" in desk.messages()[0]


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


def test_what_staff_set_goes_before_the_companys_file(desk):
    for in_file, chosen, status in (
        (False, True, Status.IN_PROGRESS),
        (True, False, Status.FULFILLED),
        (False, None, Status.FULFILLED),
    ):
        desk.companies.changed = {"four_eyes": in_file}
        with desk.store.transaction() as tx:
            tx.company_settings.save(StaffChoices("okura", four_eyes=chosen))
        assert desk.decisions.decide(desk.opened("erasure").id, DONE, "s1").status is status


def test_a_proposal_is_sent_back_with_a_reason_and_keeps_its_words(desk):
    request = desk.opened("disclosure")
    with pytest.raises(DecisionRefused, match="no decision"):
        desk.decisions.send_back(request.id, "まだです", "s2")
    desk.decisions.decide(request.id, DONE, "s1")
    with pytest.raises(DecisionRefused, match="reason"):
        desk.decisions.send_back(request.id, " ", "s2")
    back = desk.decisions.send_back(request.id, "整備の記録も入れてください", "s2")
    assert (back.decision["words"], back.decision["sent_back_reason"]) == (DONE.words, "整備の記録も入れてください")
    with pytest.raises(DecisionRefused, match="no decision"):
        desk.decisions.approve(request.id, "s2")
    desk.decisions.decide(request.id, DONE, "s1")
    assert desk.decisions.approve(request.id, "s2").status is Status.FULFILLED


def test_nobody_approves_what_changed_since_they_looked(desk):
    request = desk.opened("disclosure")
    seen = desk.decisions.decide(request.id, DONE, "s1")
    desk.decisions.decide(request.id, replace(DONE, words="べつの言葉です。"), "s1")
    with pytest.raises(Overtaken):
        desk.decisions.approve(request.id, "s2", seen.version)
    assert desk.decisions.approve(request.id, "s2", seen.version + 1).status is Status.FULFILLED


def test_of_two_approving_at_once_one_wins(desk):
    request = desk.opened("disclosure")
    desk.decisions.decide(request.id, DONE, "s1")

    def approve(staff):
        try:
            return desk.decisions.approve(request.id, staff).status
        except (Overtaken, TransitionError, DecisionRefused):
            return "told"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(approve, ("s2", "s3")))
    assert sorted(map(str, outcomes)) == [str(Status.FULFILLED), "told"]
    assert len(desk.outbox()) == 1


def test_a_part_is_fulfilled_with_a_ground_for_the_rest(desk):
    request = desk.opened()
    part = replace(DONE, part=True, words="住所だけ止めました。")
    for ground, error in (("", UnknownGround), ("identity_not_confirmed", DecisionRefused)):
        with pytest.raises(error):
            desk.decisions.decide(request.id, replace(part, ground=ground), "s1")
    decided = desk.decisions.decide(request.id, replace(part, ground="no_ground_found"), "s1")
    assert decided.status is Status.FULFILLED
    assert desk.audit(request)[-1].after["part"] == "yes"
    assert all("一部を除いて" in text and "35条" in text for text in (desk.outbox()[0][2], *desk.messages()))


def test_open_tasks_hold_a_fulfilment_up_unless_a_reason_is_given(desk):
    request = desk.opened()
    with pytest.raises(DecisionRefused, match="2 mandatory tasks"):
        desk.decisions.decide(request.id, replace(DONE, despite=" "), "s1")
    assert desk.decisions.decide(desk.opened().id, DENIED, "s1").status is Status.DENIED
    desk.finish_tasks(request)
    assert desk.decisions.decide(request.id, replace(DONE, despite=""), "s1").status is Status.FULFILLED


def test_the_preview_is_what_the_customer_gets(desk):
    request = desk.opened()
    letter = desk.decisions.preview(request.id, DENIED)
    assert desk.messages() == desk.outbox() == []
    desk.decisions.decide(request.id, DENIED, "s1")
    assert desk.messages() == [letter.chat]
    assert desk.outbox() == [("email", letter.mail.recipient, letter.mail.text)]
    with pytest.raises(TransitionError):
        desk.decisions.preview(request.id, DENIED)


def test_a_template_is_filled_in_before_it_goes_out(desk):
    with pytest.raises(DecisionRefused, match="left empty"):
        desk.decisions.decide(desk.opened().id, replace(DENIED, words="次のとおりです。\n ・ \n以上です。"), "s1")


def test_words_have_an_end(desk):
    with pytest.raises(DecisionRefused, match="2000"):
        desk.decisions.decide(desk.opened().id, replace(DENIED, words="あ" * 2001), "s1")


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
        lambda: desk.work.begin(request.id, "s2"),
        lambda: desk.decisions.extend(request.id, date(2026, 7, 1), "調査のため", "s2"),
        lambda: desk.work.refuse_identity(request.id, IdentityDoubt.NO_MATCH, "s2"),
        lambda: desk.work.assign(request.id, "", "s2"),
        lambda: desk.work.tick(request.id, "stop_lists", True, "s2"),
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
    desk.work.confirm_identity(request.id, PROOF, "s1")
    desk.work.begin(request.id, "s1")
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
