"""An answer that belongs to another question, or to none."""

import pytest

from tests.unit.services.intake.talk import missing


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("書面で", "受け取り方：紙"),
        ("田中 一郎", "お名前：田中 一郎"),
        ("田中一郎です", "お名前：田中一郎"),
        ("090-1234-5678です", "ご連絡先：090-1234-5678"),
        ("昭60.3.1", "生年月日：1985年3月1日"),
    ],
)
def test_what_answers_a_later_question_is_kept_for_it(talk, said, taken):
    t = talk()
    t.wants("disclosure", "開示をお願いします")
    assert not missing(t.says(said), taken, "どの情報についてのお手続き")


@pytest.mark.parametrize(
    "said", ["整備記録", "連絡先", "車検の履歴", "顧客情報", "2020年の修理", "写真", "連絡先です", "見積書です"]
)
def test_a_scope_in_the_customers_words_is_one(talk, said):
    t = talk()
    t.wants("disclosure", "開示をお願いします")
    assert "どのような形で" in t.says(said)


@pytest.mark.parametrize("said", ["何日くらい？", "お金はかかりますか", "くわしく説明してください"])
@pytest.mark.parametrize("procedure", ["disclosure", "erasure", "stop_provision"])
def test_a_question_is_no_answer_in_own_words(talk, said, procedure):
    t = talk()
    asked = t.wants(procedure, "お願いします").splitlines()[-1]
    assert not missing(t.says(said), "お答えできません", asked)


def test_a_date_is_no_reason(talk):
    t = talk()
    t.wants("stop_provision", "ブロードリーフに渡すのをやめて")
    assert "もう少しくわしく" in t.says("1985/3/1")


def test_who_would_not_give_the_name_hears_why_at_any_question(talk):
    t = talk()
    t.wants("disclosure", "開示をお願いします")
    assert not missing(t.says("名前は教えたくない"), "うかがっています", "どの情報")


def test_a_date_never_becomes_a_name(talk):
    t = talk()
    t.wants("provision_records", "記録を紙で見せて")
    for _ in range(4):
        assert "お名前を読み取れませんでした" in t.says("S60.3.1")


def _proven(talk, wish):
    t = talk()
    t.wants("disclosure", wish)
    t.says("taro@example.jp")
    return t, t.says(t.code())


@pytest.mark.parametrize("born", ["昭和60年3月1日生まれです", "生年月日は1985/3/1"])
def test_a_birth_date_said_at_the_beginning_proves_who_asks_after_the_code(talk, register, born):
    register()
    _, heard = _proven(talk, f"山田太郎と申します。{born}。データを全部、紙で見せてください")
    assert "次の内容で受け付けます" in heard
    assert "1985" not in heard


def test_another_birth_date_is_asked_for_again_and_counts(talk, register):
    register()
    t, heard = _proven(talk, "山田太郎と申します。昭和61年3月1日生まれです。データを全部、紙で見せてください")
    assert not missing(heard, "ご登録の内容と合いませんでした", "ナンバー")
    t.says("1985/4/1")
    assert "回数の上限" in t.says("1985/5/1")


def test_a_date_that_is_no_birth_date_is_not_tried(talk, register):
    register()
    _, heard = _proven(talk, "山田太郎と申します。2020年3月1日に買いました。データを全部、紙で見せてください")
    assert "合いませんでした" not in heard


def test_why_the_code_is_given_up_is_said(talk, register):
    register()
    t = talk()
    t.wants("disclosure", "山田太郎と申します。データを全部、紙で見せてください")
    t.says("taro@example.jp")
    heard = [t.says("00000000") for _ in range(5)]
    assert not missing(heard[-1], "回数の上限", "運転免許証")


@pytest.mark.parametrize("said", ["登録がないという意味ですか", "名簿にないってこと？"])
def test_a_question_at_the_code_is_neither_a_code_nor_a_wish(talk, said):
    t = talk()
    t.wants("correction", "山田太郎と申します。住所を山形県山形市緑町1-2-3に直して。taro@example.jp")
    assert not missing(t.says(said, intent="request_disclosure"), "お答えできません", "確認コードを入力して")


@pytest.mark.parametrize("switching", [True, False])
def test_who_wants_no_code_goes_by_documents_at_once(talk, switching):
    t = talk()
    t.wants("disclosure", "山田太郎と申します。データを全部、紙で見せてください。taro@example.jp")
    if switching:
        t.wants("erasure", "消去もお願いしたい")
        assert "運転免許証" in t.says("コードなしでお願いします")
    else:
        assert "運転免許証" in t.does("resend", "コードなしでお願いします")
