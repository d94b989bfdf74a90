"""A message that surely is the answer, whatever it might mean without a form; and one that isn't."""

import pytest

from bot.privacy.request_types import Field
from bot.services.intake.given import gives_contact, is_only_contact, surely_given


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (Field.NAME, "わたしは山田 太郎といいます"),
        (Field.NAME, "taro@example.jpです"),
        (Field.CONTACT, "えーと、090-1234-5678のほうです"),
        (Field.CODE, "コードは１２３４ ５６７８ でした"),
        (Field.FACT, "昭和60年の3月1日、いや S60.3.1 です"),
        (Field.STOP_POST, "大蔵村清水4022-2に届きます"),
        (Field.SCOPE, "全部お願いします"),
        (Field.MEANS, "電話とメール"),
        (Field.KEEP_INSPECTION, "それもいらん"),
        (Field.OLD_VALUE, "わからない"),
        (Field.REASON, "特にないです"),
        (Field.REASON, "よそに漏れたらと思うと不安なので"),
        (Field.REASON, "情報漏えいが怖い"),
        (Field.KIND, "開示"),
        (Field.RELATION, "頼まれた息子です"),
    ],
)
def test_an_answer(asked, text):
    assert surely_given(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (Field.CONTACT, "090-1234-5678からの電話はそちらですか"),
        (Field.CODE, "なんで12345678が要るの"),
        (Field.SCOPE, "全部消してくれるの？"),
        (Field.MEANS, "メールアドレスは何に使うんですか"),
        (Field.NAME, "担当者と話したい"),
        (Field.NAME, "やっぱりいいです"),
        (Field.REASON, "よその会社に渡していませんか"),
        (Field.REASON, "情報が流出したと聞いて不安です"),
        (Field.REASON, "知らない会社から電話が来て怖いです"),
        (Field.REASON, "漏れているのが心配です"),
    ],
)
def test_no_answer(asked, text):
    assert not surely_given(asked, text)


@pytest.mark.parametrize("text", ["電話番号は090-1234-5678です", "taro@example.jp", "メールは taro@example.jp です。"])
def test_a_contact_and_nothing_else(text):
    assert is_only_contact(text)


@pytest.mark.parametrize(
    "text", ["0233-75-3111は何の番号ですか", "090-1234-5678への電話を止めて", "電話番号は？", "携帯は持っていません"]
)
def test_more_than_a_contact(text):
    assert not is_only_contact(text)


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("鹿児島県架空島郡みほん町例4", True),
        ("taro@example.jp", True),
        ("市役所に言いますよ", False),
        ("車検いくら", False),
    ],
)
def test_a_contact_in_any_form(text, gives):
    assert gives_contact(text) == gives
