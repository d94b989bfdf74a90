"""Changing, repeating, refusing: what may happen to a form at any point."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.services.intake.talk import missing


def test_the_same_message_again_says_the_same_and_changes_nothing(talk, register):
    register()
    t = talk()
    first = t.wants("disclosure", "データ全部見せて", event="m1")
    assert t.wants("disclosure", "データ全部見せて", event="m1") == first
    t.goes_through(("紙", "お名前"), ("山田太郎", "電話番号"))
    asked = t.says("taro@example.jp", event="m2")
    assert t.says("taro@example.jp", event="m2") == asked
    assert len(t.outbox()) == 1
    t.goes_through((t.code(), "ナンバー"), ("1985/3/1", "次の内容"))
    receipt = t.says("送信する", event="m3")
    assert t.says("送信する", event="m3") == receipt
    assert "\n".join(reply.text for reply in t.intake.said(t.turn("送信する", event="m3"))) == receipt
    assert t.intake.said(t.turn("送信する", event="m4")) is None
    assert len(t.requests()) == 1


def test_send_pressed_20_times_is_one_request(talk):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.says("はい")
    heard = {t.says("送信する") for _ in range(20)}
    assert len(heard) == 1
    assert len(t.requests()) == 1


def test_a_draft_of_before_the_sending_makes_no_second_request(talk, sqlite_store):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.says("はい")
    with sqlite_store.transaction() as tx:
        before = tx.drafts.get(t.id)
    first = t.says("送信する")
    with sqlite_store.transaction() as tx:
        tx.drafts.save(before)
    assert t.says("送信する") == first
    assert len(t.requests()) == 1


def test_a_digression_is_followed_by_the_open_question(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    assert "どのような形で" in t.does("question")
    turn = t.turn("紙")
    t.intake.answer(turn)
    assert t.intake.question(turn) == [], "the answer's own reply held the next question"


def test_what_was_said_is_shown_and_not_asked_again(talk):
    t = talk()
    heard = t.wants("disclosure", "山田太郎です、データ全部見せて。メールで送って。090-1234-5678")
    assert not missing(
        heard, "お名前：山田太郎", "対象の情報：すべて", "受け取り方：電子データ", "ご連絡先：090-1234-5678"
    )
    assert "8桁の確認コード" in heard


def test_every_answer_can_be_changed_at_the_summary(talk):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.says("続けてほしい")
    t.says("直す")
    assert t.buttons() == ["止める方法を直す", "止める電話番号を直す", "点検・車検のお知らせを直す"]
    t.goes_through(("止める電話番号を直す", "電話番号を教えて"), ("080-9999-8888", "次の内容"))
    assert t.suppressions() == {("+818099998888", "phone", "marketing")}
    assert "点検・車検のお知らせ：続ける" in "\n".join(reply.text for reply in t.replies)


def test_a_change_with_its_new_value_is_taken_at_once(talk):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    heard = t.does("change", "さっきの電話番号まちがえた、080-9999-8888です")
    assert "「080-9999-8888」へのご案内を、いま止めました" in heard
    assert t.suppressions() == {("+818099998888", "phone", "marketing")}


def test_changing_the_contact_before_the_code_asks_for_proof_anew(talk, register):
    register()
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    t.goes_through(("紙", "お名前"), ("山田次郎", "電話番号"), ("taro@example.jp", "8桁"))
    assert t.outbox() == []
    t.goes_through(("直す", "どの項目"), ("お名前を直す", "お名前"), ("山田太郎", "8桁"))
    assert "ナンバー" in t.says(t.code())


def test_a_proven_person_cannot_be_changed_into_another(talk, register):
    register()
    t = talk()
    t.wants("stop_use", "使うのを全部やめて")
    t.goes_through(("特にない", "お名前"), ("山田太郎", "電話番号"), ("taro@example.jp", "8桁"))
    t.says(t.code())
    t.says("直す")
    assert t.buttons() == ["対象の情報を直す", "理由を直す"]


def test_two_bad_answers_offer_a_person_and_keep_the_form(talk):
    t = talk()
    t.wants("disclosure", "山田太郎です。データを見せて")
    t.says("？")
    assert "担当者と話したい" not in t.buttons()
    t.says("？")
    assert "担当者と話したい" in t.buttons()
    assert "どのような形で" in t.says("すべて")


def test_a_person_is_not_offered_with_each_bad_answer(talk):
    t = talk()
    t.wants("disclosure", "山田太郎です。データを見せて")
    offered = ["うまく進まず" in t.says("？") for _ in range(4)]
    assert offered == [False, True, False, True]


def test_a_change_that_sounds_like_the_wish_itself_is_one(talk):
    t = talk()
    t.wants("correction", "住所を直したい")
    t.goes_through(("わからない", "新しい住所"), ("山形県山形市緑町1-2-3", "お名前"), ("山田太郎", "電話番号"))
    t.goes_through(("わからない", "担当者からご連絡できる"), ("ない", "次の内容"))
    assert "新しい住所" in t.wants("correction", "新しい内容を直す")
    assert "緑町4-5-6" in t.says("山形県山形市緑町4-5-6")


def test_a_recipient_is_named_once_and_nothing_is_none(talk):
    t = talk()
    assert "渡すのを止める先：株式会社ブロードリーフ" in t.wants("stop_provision", "ブロードリーフに渡すのをやめて")
    t = talk()
    t.wants("stop_provision", "よそに渡すのをやめて")
    assert "会社や団体の名前か" in t.says("特にない")


def test_who_has_neither_telephone_nor_mail_goes_by_documents(talk):
    t = talk()
    t.wants("purpose_notification", "山田太郎です。利用目的の通知を全部")
    t.says("すべて")
    assert not missing(t.says("電話もメールもないです"), "運転免許証", "ご住所を教えて")
    assert "ご住所を読み取れませんでした" in t.says("家です")
    assert not missing(t.says("山形県山形市緑町1-2-3です"), "ご連絡先：山形県山形市緑町1-2-3", "次の内容")


def test_why_is_answered_and_the_question_asked_again(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    t.says("紙")
    assert not missing(t.does("why"), "ご本人のお手続きかどうか", "お名前（姓と名）を教えて")


def test_expectations_tell_what_is_waited_for(talk):
    t = talk()
    assert t.expectation() is None
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    assert t.expectation().kind == "text"
    t.says("続けて")
    waiting = t.expectation()
    assert (waiting.field, waiting.kind, waiting.choices) == ("summary", "choice", ("送信する", "直す", "やめる"))
    t.says("送信する")
    assert t.expectation() is None


def test_nothing_open_says_nothing(talk):
    t = talk()
    for step in ("answer", "question", "cancel", "change", "resend", "why", "resume"):
        assert getattr(t.intake, step)(t.turn("はい")) == []


def test_a_second_request_within_30_minutes_needs_no_code(talk, register):
    register()
    t = talk()
    t.wants("stop_use", "使うのを全部やめて")
    t.goes_through(("特にない", "お名前"), ("山田太郎", "電話番号"), ("taro@example.jp", "8桁"))
    t.says(t.code())
    t.says("送信する")
    heard = t.wants("provision_records", "記録を紙で見せて")
    assert "次の内容で受け付けます" in heard
    t.says("送信する")
    assert [request.verified for request in t.requests()] == [True, True]
    # 開示 is one level higher: the second fact alone is missing.
    assert "ナンバー" in t.wants("disclosure", "全部電子データで見せて")
    t.says("やめる")
    t.clock.advance(minutes=31)
    assert "お名前" in t.wants("provision_records", "記録を紙で見せて")


def test_a_clock_set_back_revives_no_verification(talk, register):
    register()
    t = talk()
    t.wants("stop_use", "使うのを全部やめて")
    t.goes_through(("特にない", "お名前"), ("山田太郎", "電話番号"), ("taro@example.jp", "8桁"))
    t.says(t.code())
    t.says("送信する")
    t.clock.advance(minutes=40)
    t.wants("provision_records", "記録を見せて")
    t.clock.moment -= timedelta(minutes=40)
    assert "お名前" in t.says("紙")


def test_the_last_reply_names_what_is_asked_until_nothing_is(talk, register):
    register()
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    for said, asked in (("紙", "name"), ("山田太郎", "contact"), ("taro@example.jp", "code")):
        t.says(said)
        assert t.replies[-1].body["field"] == asked
    t.goes_through((t.code(), "ナンバー"), ("1985/3/1", "次の内容"))
    t.says("送信する")
    assert "field" not in t.replies[-1].body


def test_who_wants_no_code_says_so_at_the_name_or_the_contact(talk):
    for said_before in ((), (("山田太郎", "電話番号"),)):
        t = talk()
        t.wants("disclosure", "データ全部見せて")
        t.goes_through(("紙", "お名前"), *said_before)
        heard = t.says("確認コードなしで進める")
        assert not missing(heard, "ご本人", "電話番号" if said_before else "お名前")
        assert t.outbox() == []


def test_another_item_is_put_in_the_place_of_the_first(talk):
    t = talk()
    t.wants("correction", "住所が間違ってるので直して")
    t.goes_through(("山形県最上郡大蔵村清水9", "正しい"), ("山形県最上郡大蔵村清水10", "お名前"))
    assert "電話番号" in t.says("いや、変わったのは電話です")
    t.goes_through(("090-1111-2222", "新しい"), ("090-3333-4444", "お名前"))


def test_who_keeps_the_name_back_hears_why_it_is_asked(talk):
    t = talk()
    t.wants("disclosure", "データを全部紙で見せて")
    assert not missing(t.says("匿名で頼む"), "確かめるために", "お名前")
    assert "もう少しくわしく" not in t.says("名前なんて言いたくない")


def test_what_stands_on_a_button_may_be_typed(talk):
    t = talk()
    t.wants("erasure", "データを全部消して")
    t.goes_through(("特にない", "お名前"))
    t.does("change")
    assert "対象の情報を直す" in t.buttons()
    assert {"対象の情報", "対象の情報を直す"} <= set(t.expectation().choices)


@pytest.mark.parametrize(
    ("wish", "asked"), [("ＤＭがうるさい", "メールアドレス"), ("ハガキと電話をやめて", "メールアドレス")]
)
def test_other_means_may_be_named_in_place_of_a_contact(talk, wish, asked):
    t = talk()
    t.wants("stop_marketing", wish)
    assert asked in t.says("メール")
    assert "次の内容" not in t.says("taro@example.jp")


def test_means_that_join_leave_none_out(talk):
    t = talk()
    t.wants("stop_marketing", "ハガキを止めて")
    t.goes_through(("メールも", "メールアドレス"), ("taro@example.jp", "ご住所"))
    heard = t.says("山形県山形市緑町1-2-3")
    assert not missing(heard, "「山形県山形市緑町1-2-3」へのご案内を、いま止めました", "点検・車検")


def test_an_address_is_stopped_whenever_it_is_named(talk):
    t = talk()
    t.wants("stop_marketing", "taro@example.jp のメールを止めて")
    assert "「山形県山形市緑町1-2-3」へのご案内を、いま止めました" in t.says("山形県山形市緑町1-2-3")


def test_a_wish_without_an_object_is_no_scope(talk):
    t = talk()
    t.wants("disclosure", "ぼくのなまえもってる？")
    assert "「消去」に切り替えますか" in t.says("けしてほしい")
    t.says("いまの手続きを続ける")
    assert "どのような形で" in t.says("整備の記録")


def test_the_other_procedure_may_be_chosen_by_its_name(talk):
    t = talk()
    t.wants("erasure", "全部消して")
    t.wants("stop_marketing", "やっぱり案内を止めて")
    assert "どの方法のご案内" in t.says("案内の停止")


@pytest.mark.parametrize(("confidence", "made"), [(0.57, 0), (0.61, 1)])
def test_only_a_plain_yes_sends(talk, confidence, made):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.says("続けてほしい")
    turn = t.turn("オフラインです")
    understood = replace(turn.understanding, intent="affirm", confidence=confidence)
    t.intake.answer(replace(turn, understanding=understood))
    assert len(t.requests()) == made


@pytest.mark.parametrize("name", ["渡邊 太郎", "ワタナベ タロウ", "マイケル・スミス"])
def test_a_name_is_taken_whatever_it_resembles(talk, name):
    t = talk()
    t.wants("disclosure", "データを全部紙で見せて")
    assert "電話番号" in t.says(name, intent="chitchat")


def test_a_name_refused_twice_is_taken_as_typed_and_a_greeting_never(talk):
    t = talk()
    t.wants("disclosure", "データを全部紙で見せて")
    for _ in range(2):
        assert "お名前を読み取れませんでした" in t.says("さんま", intent="chitchat")
    assert "お名前を読み取れませんでした" in t.says("こんにちは", intent="chitchat")
    assert "電話番号" in t.says("さんま", intent="chitchat")
    t.goes_through(("連絡先はない", "さんま"))


@pytest.mark.parametrize("relation", ["息子", "娘です", "妻"])
def test_a_relative_is_a_relation_whatever_the_word_resembles(talk, relation):
    t = talk()
    t.does("agent_path", "代理人として申し込む")
    t.says("開示")
    assert "ご本人のお名前" in t.says(relation, intent="chitchat")
