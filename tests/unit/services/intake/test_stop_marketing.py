"""案内の停止: suppressed at once, verified only if the customer wants more."""

import pytest

from bot.privacy.statuses import IdentityStatus
from tests.unit.services.intake.talk import missing


def test_postcards_stop_at_once(talk):
    t = talk()
    heard = t.wants("stop_marketing", "もうハガキ送ってこないで")
    assert not missing(heard, "「案内の停止」", "ご住所を教えて")
    heard = t.says("山形県最上郡大蔵村清水4022-2")
    assert not missing(heard, "いま止めました", "リコールのお知らせは")
    assert t.suppressions() == {("山形県最上郡大蔵村清水4022-2", "post", "marketing")}
    heard = t.says("続けてほしい")
    assert not missing(heard, "次の内容で受け付けます", "ハガキ・郵便")
    heard = t.says("送信する")
    assert not missing(heard, "受付番号：")
    assert "ほかの連絡先への案内もまとめて止めてください" in t.buttons()
    [request] = t.requests()
    assert request.identity is IdentityStatus.UNVERIFIED
    assert request.customer is None
    assert [row.request for row in t.rows()] == [request.id]


def test_a_number_said_along_is_not_asked_again(talk):
    t = talk()
    heard = t.wants("stop_marketing", "０９０－１２３４－５６７８への電話やめて")
    assert "「090-1234-5678」へのご案内を、いま止めました" in heard
    assert ("+819012345678", "phone", "marketing") in t.suppressions()
    assert "点検・車検" in heard


def test_a_number_named_where_an_address_was_asked_is_stopped_all_the_same(talk):
    t = talk()
    t.wants("stop_marketing", "もうハガキ送ってこないで")
    heard = t.says("090-1111-2222")
    assert not missing(heard, "「090-1111-2222」へのご案内を、いま止めました", "ご住所を教えて")
    assert ("+819011112222", "phone", "marketing") in t.suppressions()
    t.says("山形県最上郡大蔵村清水4022-2")
    assert ("山形県最上郡大蔵村清水4022-2", "post", "marketing") in t.suppressions()


def test_inspection_notices_stop_too_if_wanted(talk):
    t = talk()
    t.wants("stop_marketing", "taro@example.jp にメール送らないで")
    t.says("それも止めて")
    assert ("taro@example.jp", "email", "marketing_and_inspection") in t.suppressions()


@pytest.mark.parametrize(
    "wish",
    [
        "点検のメールだけ止めて",
        "車検のお知らせだけは要りません。メールです",
        "点検の案内のみやめて、ほかは送って。メール",
    ],
)
def test_inspection_notices_alone_stop_alone(talk, wish):
    t = talk()
    heard = t.wants("stop_marketing", f"{wish}。taro@example.jpです")
    assert not missing(heard, "点検・車検のお知らせを、いま止めました", "これだけを止める", "次の内容で受け付けます")
    assert t.suppressions() == {("taro@example.jp", "email", "inspection")}


def test_that_only_inspection_notices_are_meant_is_kept_for_the_contact(talk):
    t = talk()
    t.wants("stop_marketing", "点検のお知らせのみ止めてほしい")
    t.says("メール")
    t.says("taro@example.jp")
    assert t.suppressions() == {("taro@example.jp", "email", "inspection")}


def test_inspection_notices_alone_may_go_on(talk):
    t = talk()
    t.wants("stop_marketing", "メールを止めて。点検の案内だけは続けて。taro@example.jp")
    assert t.suppressions() == {("taro@example.jp", "email", "marketing")}


def test_a_code_extends_it_to_all_contacts(talk, register):
    register()
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.goes_through(("はい", "次の内容"), ("送信する", "受付番号"))
    heard = t.wants("stop_marketing", "ほかの連絡先への案内もまとめて止めてください")
    assert "お名前" in heard
    assert "ご連絡先：090-1234-5678" in heard, "it was named a moment ago"
    t.goes_through(("山田太郎", "8桁"))
    assert "ご登録のメールアドレス、電話番号、ご住所" in t.says(t.code())
    [request] = t.requests()
    assert request.verified
    assert request.customer == "taro"
    stopped = {(contact, means) for contact, means, _ in t.suppressions()}
    assert stopped == {
        ("+819012345678", "phone"),
        ("+819012345678", "sms"),
        ("taro@example.jp", "email"),
        ("山形県最上郡大蔵村清水1", "post"),
    }


def test_the_line_account_itself_needs_no_contact(talk):
    t = talk(channel="line")
    heard = t.wants("stop_marketing", "LINEのお知らせ止めて")
    assert not missing(heard, "このLINEアカウント", "点検・車検")
    assert t.suppressions() == {("U0123", "line", "marketing")}


def test_several_means_ask_each_contact(talk):
    t = talk()
    t.wants("stop_marketing", "案内を止めて")
    t.goes_through(
        ("電話とメール", "電話番号を教えて"),
        ("090-1111-2222", "メールアドレスを教えて"),
        ("わからない", "点検・車検"),
    )
    assert t.suppressions() == {("+819011112222", "phone", "marketing")}


def test_a_receipt_never_says_stopped_when_nobody_knew_an_address(talk):
    t = talk()
    t.wants("stop_marketing", "電話かけてこないで")
    t.goes_through(("わからない", "点検・車検"), ("はい", "止める電話番号：わからない"))
    assert not missing(t.says("送信する"), "まだ何も止めていません", "ご登録のほかの連絡先")
    assert t.suppressions() == set()


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("taro@example.jp にメルマガを送らないで。点検の案内もいりません", "点検・車検のお知らせ：止める"),
        ("taro@example.jp のメールを止めて。車検のお知らせは続けてほしい", "点検・車検のお知らせ：続ける"),
    ],
)
def test_what_becomes_of_inspection_notices_is_not_asked_again(talk, wish, told):
    t = talk()
    heard = t.wants("stop_marketing", wish)
    assert told in heard
    assert "送信する" in t.buttons()


def test_another_means_is_no_word_on_inspection_notices(talk):
    t = talk(channel="line")
    t.wants("stop_marketing", "ハガキを止めて")
    t.says("山形県山形市緑町1-2-3")
    assert not missing(t.says("LINEも止めて"), "このLINEアカウント", "点検・車検のお知らせは、これからも")
    assert "点検・車検のお知らせ：続ける" in t.says("はい")


def test_inspection_notices_may_be_spoken_of_at_the_summary(talk):
    t = talk()
    t.wants("stop_marketing", "taro@example.jp のメールを止めて。点検の案内もいりません")
    assert {one.purpose for one in t.rows()} == {"marketing_and_inspection"}
    assert "点検・車検のお知らせ：続ける" in t.says("点検のは続けて")
    assert {one.purpose for one in t.rows()} == {"marketing"}


def test_the_status_of_a_stop_says_that_it_is_stopped(talk):
    t = talk()
    t.wants("stop_marketing", "taro@example.jp のメールを止めて")
    t.says("はい")
    t.says("送信する")
    assert "すでに止めてあります" in t.wants("status", "もう止まりましたか")


def test_other_means_keep_the_contacts_that_they_still_need(talk):
    t = talk()
    t.wants("stop_marketing", "電話とメールを止めて。090-1234-5678、taro@example.jpです")
    t.says("続けてほしい")
    t.does("change", "止める方法を直す")
    assert len(t.suppressions()) >= 2, "what was stopped stays so until the new means are known"
    heard = t.says("メール")
    assert "メールアドレスを教えて" not in heard
    assert not missing(heard, "止める方法：メール", "taro@example.jp", "次の内容で受け付けます")
    assert {means for _, means, _ in t.suppressions()} == {"email"}
