"""Status and withdrawal: by receipt number and proof."""

from dataclasses import replace

import pytest

from bot.privacy.statuses import Status
from tests.unit.services.intake.talk import missing


@pytest.fixture
def made(talk, register):
    """A conversation in which 山田 太郎, verified, asked for the use of his data to be stopped."""
    register()
    t = talk()
    t.wants("stop_use", "使うのを全部やめて")
    t.goes_through(("特にない", "お名前"), ("山田太郎", "電話番号"), ("taro@example.jp", "8桁"))
    t.says(t.code())
    t.says("送信する")
    return t


def _receipt(t):
    return t.requests()[0].receipt


def test_the_status_goes_on_at_once_while_verified(made):
    heard = made.wants("status", "さっきの手続きはどうなりましたか")
    assert not missing(heard, _receipt(made), "お手続き：利用停止", "担当者の確認を待っています")
    assert not made.intake.is_open(made.id)


def _decided(t, status, **noted):
    """Let staff have decided it."""
    [request] = t.requests()
    with t.store.transaction() as tx:
        tx.requests.save(replace(request, status=status, decision={"outcome": status.value, "ground": "", **noted}))


@pytest.mark.parametrize(
    ("status", "noted", "told"),
    [
        (Status.FULFILLED, {"words": "名簿から外しました。"}, ("状況：終わりました", "名簿から外しました。")),
        (
            Status.FULFILLED,
            {"words": "一部です。", "part": "yes", "ground": "no_ground_found"},
            ("一部です。", "法律で定められた理由にあたらないため"),
        ),
        (
            Status.DENIED,
            {"words": "お調べしました。", "ground": "no_ground_found"},
            ("お調べしました。", "法律で定められた理由にあたらないため", "35条", "0233-75-3111"),
        ),
    ],
)
def test_the_status_of_what_is_decided_gives_the_answer_again(made, talk, status, noted, told):
    _decided(made, status, **noted)
    t = talk()
    assert "しました。" not in t.wants("status", f"{_receipt(made)} の状況").replace("お送りしました。", "")
    assert not missing(t.says(t.code()), *told)


def test_an_answer_that_is_erased_is_not_missed(made):
    _decided(made, Status.DENIED)
    assert "状況：ご希望にそえないとお答えしました" in made.wants("status", "状況を教えて")


def test_elsewhere_the_status_needs_a_fresh_code(made, talk):
    t = talk()
    heard = t.wants("status", f"受付番号{_receipt(made)}はどうなってますか")
    assert "8桁の確認コード" in heard
    assert "お名前とご連絡先" not in heard, "neither was asked"
    assert "担当者の確認" not in heard
    assert "状況：受け付けました" in t.says(t.code())


def test_an_unknown_receipt_hears_the_same_words(made, talk):
    asked, other = talk(), talk()
    heard = asked.wants("status", "状況を教えて")
    assert "受付番号を教えて" in heard
    other.wants("status", "状況を教えて")
    assert asked.says(_receipt(made)) == other.says("OK-0000-0000-0000")
    assert len(asked.replies) == len(other.replies)
    assert other.says("12345678") == asked.says("00000000")


def test_another_companys_receipt_is_unknown(made, talk):
    t = talk("kagoshima")
    before = len(t.outbox())
    assert "8桁" in t.wants("status", f"{_receipt(made)} の状況")
    assert len(t.outbox()) == before
    assert "確認できませんでした" in t.says("00000000")


def test_an_unproven_request_is_told_in_its_own_conversation_only(talk):
    t, elsewhere = talk(), talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.says("はい")
    t.says("送信する")
    assert "状況：受け付けました" in t.wants("status", "どうなった？")
    heard = elsewhere.wants("status", f"{_receipt(t)} の状況は？")
    assert "8桁の確認コード" in heard
    assert elsewhere.outbox() == []


def test_a_proven_stranger_hears_nothing_of_others(made, talk, register):
    register(id="hana", customer_no="1002", name="山田 花子", name_kana="", email="hana@example.jp", phone="")
    t = talk()
    t.wants("stop_use", "使うのを全部やめて")
    t.goes_through(("特にない", "お名前"), ("山田花子", "電話番号"), ("hana@example.jp", "8桁"))
    t.says(t.code())
    t.says("やめる")
    heard = t.wants("status", f"{_receipt(made)} の状況は？")
    assert "見つかりませんでした" in heard


def test_a_lost_receipt_number_is_found_by_name_and_code(made, talk):
    t = talk()
    t.wants("status", "状況を教えて")
    t.goes_through(("受付番号がわからない", "お名前"), ("山田太郎", "電話番号"), ("090-1234-5678", "8桁"))
    assert _receipt(made) in t.says(t.code())


def test_withdrawal_is_confirmed_first(made):
    heard = made.wants("withdrawal", "やっぱり取り下げたい")
    assert not missing(heard, "よろしいですか", _receipt(made))
    assert made.requests()[0].status is Status.OPEN
    assert "取り下げました" in made.says("取り下げる")
    assert made.requests()[0].status is Status.REVOKED
    assert "受付番号を教えて" in made.wants("withdrawal", "取り下げて")
    assert "もう終わっている" in made.says(_receipt(made))


def test_withdrawal_may_be_left(made):
    made.wants("withdrawal", "取り下げたい")
    assert "お手続きをやめました" in made.says("やめる")
    assert made.requests()[0].status is Status.OPEN


def test_withdrawal_elsewhere_needs_a_fresh_code(made, talk):
    t = talk()
    assert "8桁" in t.wants("withdrawal", f"{_receipt(made)} を取り下げて")
    t.goes_through((t.code(), "よろしいですか"), ("はい", "取り下げました"))


def test_a_withdrawn_stop_does_not_start_marketing_again(talk):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.says("はい")
    t.says("送信する")
    t.wants("withdrawal", "取り下げて")
    assert not missing(t.says("はい"), "取り下げました", "止めたままです")
    assert len(t.suppressions()) == 1


def test_without_the_code_staff_answer(made, talk):
    t = talk()
    t.wants("status", _receipt(made))
    assert "担当者と話したい" in (t.says("確認コードなしで進める") and t.buttons())
    assert not t.intake.is_open(t.id)


def test_several_requests_are_offered_by_their_receipts(made):
    made.wants("provision_records", "記録を紙で見せて")
    made.says("送信する")
    made.wants("withdrawal", "取り下げて")
    assert made.buttons()[:2] == [request.receipt for request in made.requests()]
    made.goes_through((made.requests()[1].receipt, "よろしいですか"), ("はい", "取り下げました"))
    assert [request.status for request in made.requests()] == [Status.OPEN, Status.REVOKED]


def test_who_has_no_number_and_no_request_is_not_told_of_a_number(register, talk):
    register()
    t = talk()
    t.wants("status", "状況を知りたい")
    t.goes_through(("受付番号がわからない", "お名前"), ("山田太郎", "電話番号"), ("taro@example.jp", "8桁"))
    heard = t.says(t.code())
    assert "お手続きは見つかりませんでした" in heard
    assert "その受付番号" not in heard


def test_of_several_the_one_whose_kind_is_named_is_taken_back(made):
    made.wants("stop_marketing", "taro@example.jpへのメールを止めて")
    made.goes_through(("はい", "次の内容"), ("送信する", "受付番号"))
    assert "お手続き：利用停止" in made.wants("withdrawal", "さきほどの利用停止のほうは取り下げます")


def test_what_was_just_shown_is_taken_back_without_its_number(made, talk):
    shown = _receipt(made)
    made.wants("purpose_notification", "何に使っているか通知してほしい")
    made.goes_through(("すべて", "次の内容"), ("送信する", "受付番号"))
    t = talk()
    t.wants("status", f"{shown} はどうなっていますか")
    assert "担当者の確認を待っています" in t.says(t.code())
    heard = t.wants("withdrawal", "取り下げます")
    assert not missing(heard, shown, "お手続き：利用停止")
