"""A form is left, for good or for a while, and taken up again."""

from dataclasses import replace

import pytest

from tests.unit.services.intake.talk import missing


def test_a_form_is_resumed_hours_later(talk, register):
    register()
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    t.goes_through(("紙", "お名前"), ("山田太郎", "電話番号"), ("taro@example.jp", "8桁"))
    old = t.code()
    t.clock.advance(hours=5)
    assert "8桁の確認コード" in t.does("question")
    assert "確認できませんでした" in t.says(old)
    assert "お送りしました" in t.does("resend", "届かない")
    assert "ナンバー" in t.says(t.code())


def test_cancel_forgets_what_was_typed(talk, sqlite_store):
    t = talk()
    t.wants("disclosure", "山田太郎です、データ全部見せて")
    assert "お手続きをやめました" in t.says("やめる")
    assert not t.intake.is_open(t.id)
    with sqlite_store.transaction() as tx:
        draft = tx.drafts.get(t.id)
    assert not draft.values
    assert "山田" not in repr(draft.state)


def test_cancel_says_that_what_was_stopped_stays_stopped(talk):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    assert "止めたままです" in t.does("cancel", "やめます")
    assert t.suppressions() == {("+819012345678", "phone", "marketing")}


def test_second_thoughts_leave_the_form(talk):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    assert "止めたままです" in t.says("やっぱりやめる")
    assert not t.intake.is_open(t.id)


def test_another_wish_in_the_middle_asks_before_it_drops_the_form(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    heard = t.wants("erasure", "やっぱり消して")
    assert not missing(heard, "「開示」のお手続きの途中です", "「消去」に切り替えますか")
    assert "どのような形で" in t.says("いまの手続きを続ける")
    t.wants("erasure", "やっぱり全部消して")
    heard = t.says("新しい手続きに切り替える")
    assert not missing(heard, "「消去」（個人情報保護法35条）", "対象の情報：すべて", "理由")


def test_the_same_wish_again_goes_on(talk):
    t = talk()
    t.wants("disclosure", "データを見せて")
    heard = t.wants("disclosure", "全部紙でください")
    assert "受け取り方：紙" in heard
    assert "お名前" in heard


def test_resume_does_what_the_message_wants(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    assert "どのような形で" in "".join(r.text for r in t.intake.resume(t.turn("続き", "resume_request")))
    assert "お名前" in "".join(r.text for r in t.intake.resume(t.turn("紙", "inform")))
    assert "お手続きをやめました" in "".join(r.text for r in t.intake.resume(t.turn("やめとく", "cancel")))


def test_second_thoughts_are_no_reason(talk):
    t = talk()
    t.wants("erasure", "データを全部消して")
    turn = t.turn("やっぱり消すんじゃなくて、案内だけ止めてほしい")
    wish = (("inform", 0.9), ("request_stop_marketing", 0.4))
    turn = replace(turn, understanding=replace(turn.understanding, ranking=wish))
    [reply] = t.intake.answer(turn)
    assert "「案内の停止」に切り替えますか" in reply.text


@pytest.mark.parametrize("later", ["あとでやります", "やっぱあとにする", "また今度にします", "今忙しいから後で"])
def test_a_form_may_be_left_for_later(talk, later):
    t = talk()
    t.wants("erasure", "データを全部消して")
    assert not missing(t.says(later), "7日間", "続きをお願いします")
    for going_on in ("続きをお願いします", "さっきの続き"):
        assert "理由を教えて" in t.says(going_on), "neither is a reason, and the question is still open"


def test_a_reason_that_speaks_of_later_is_one(talk):
    t = talk()
    t.wants("erasure", "データを全部消して")
    assert "お名前" in t.says("後で問題になると困るから")


@pytest.mark.parametrize(
    "words",
    ["ごめん、子供が泣いたのであとで", "おかあさんにきいてくる", "書類を取ってきます", "家族と相談してみます"],
)
def test_who_has_to_leave_may_come_back(talk, words):
    t = talk()
    t.wants("disclosure", "開示をお願いします")
    assert "とっておきます" in t.says(words)
    assert "どの情報" in t.says("続きをお願いします")


def test_who_only_thinks_about_stopping_loses_nothing(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    assert "ゆっくりお考えください" in t.does("cancel", "やめようかな")
    assert "どのような形で" in t.says("続きをお願いします")
    assert "お手続きをやめました" in t.does("cancel", "やめる")


def test_taking_back_what_was_not_sent_yet_leaves_the_form(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    assert "お手続きをやめました" in t.wants("withdrawal", "取り下げたい")
    assert not t.intake.is_open(t.id)


def test_taking_back_what_was_sent_is_asked_about_first(talk):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.says("続けてほしい")
    t.says("送信する")
    t.wants("disclosure", "データ全部見せて")
    assert "「取り下げ」に切り替えますか" in t.wants("withdrawal", "取り下げたい")


def test_a_second_switch_goes_back_to_what_was_asked_before_the_first(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    t.wants("status", "どこまで進みましたか")
    assert "「消去」に切り替えますか" in t.wants("erasure", "消してもらえますか")
    assert "どのような形で" in t.says("いまの手続きを続ける")


@pytest.mark.parametrize("words", ["続けます", "このままつづけて", "そのままでお願い", "開示を先に", "切り替えないで"])
@pytest.mark.parametrize("intent", ["affirm", "cancel", "inform"])
def test_who_stays_loses_nothing_whatever_the_words_resemble(talk, words, intent):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    t.wants("erasure", "消去もしてほしい")
    assert t.expectation(words).kind == "given"
    turn = t.turn(words, intent)
    heard = "".join(reply.text for reply in t.intake.resume(turn))
    assert "どのような形で" in heard


def test_naming_the_open_procedure_stays_in_it(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    t.wants("erasure", "消去もしてほしい")
    assert "どのような形で" in t.wants("disclosure", "開示のほうでお願いします")


def test_sending_is_no_yes_to_a_switch(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    t.wants("erasure", "消去もしてほしい")
    assert "お選びください" in t.says("送信します", intent="affirm")


@pytest.mark.parametrize("words", ["やっぱりやめときません", "もういいかな", "結構です", "面倒になった"])
def test_a_doubtful_word_never_erases_a_form(talk, words):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    t.does("cancel", words)
    assert t.intake.is_open(t.id)
    assert "お名前" in t.says("紙で受け取る"), "the answer to the open question is taken all the same"


@pytest.mark.parametrize(("said", "left"), [("はい", True), ("やめます", True), ("いいえ", False), ("続ける", False)])
def test_the_question_whether_to_leave_takes_a_yes_and_a_no(talk, said, left):
    t = talk()
    t.wants("disclosure", "データ全部見せて")
    assert "やめますか" in t.does("cancel", "もう結構です")
    t.says(said)
    assert t.intake.is_open(t.id) is not left


@pytest.mark.parametrize(
    "words",
    [
        "キャンセルします",
        "それは取り消します",
        "開示の件は取り下げたいです",
        "今回は中止でお願いします",
        "手続きをやめてください",
    ],
)
def test_a_plain_word_leaves_the_form_at_any_question(talk, words):
    t = talk()
    t.wants("disclosure", "データを見せて")
    assert "お手続きをやめました" in t.says(words)


@pytest.mark.parametrize("words", ["全部やめて", "やめなくていいです", "それもやめて"])
def test_a_wish_to_stop_something_is_no_word_of_leaving(talk, words):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.says(words)
    assert t.intake.is_open(t.id)


def test_taking_back_confirms_a_withdrawal(talk):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.says("続けてほしい")
    t.says("送信する")
    t.wants("withdrawal", "取り下げたい")
    assert "取り下げました" in t.says("取り消します")


@pytest.mark.parametrize("words", ["取り下げます", "それは取り消したい"])
def test_taking_back_while_a_receipt_number_is_asked_is_no_word_of_leaving(talk, words):
    t = talk()
    t.wants("status", "どこまで進みましたか")
    t.says(words)
    assert t.intake.is_open(t.id)
    assert "お手続きの取り下げですね" in t.wants("withdrawal", words)


def test_taking_back_before_the_first_answer_leaves_the_form(talk):
    t = talk()
    t.wants("disclosure", "開示をお願いします")
    assert "お手続きをやめました" in t.wants("withdrawal", "開示の件は取り下げます")


def test_sending_is_no_yes_to_leaving(talk):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.says("続けてほしい")
    t.does("cancel", "もういいかな")
    assert "受付番号" in t.says("送信する", intent="affirm")


def test_notices_that_are_to_stop_do_not_end_the_form(talk):
    t = talk()
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    assert "点検・車検のお知らせ：止める" in t.says("やめてください")
