"""What customers write, and what is read in it."""

import pytest

from bot.services.intake import choices
from bot.services.intake.readers import (
    find_address,
    find_code,
    find_emails,
    find_phones,
    find_plate,
    introduced_name,
    read_name,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("山田太郎", "山田太郎"),
        ("山田　太郎です", "山田 太郎"),
        ("名前は髙橋 花子と申します。", "髙橋 花子"),
        ("私は佐藤です", "佐藤"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("こんどう まこと", "こんどう まこと"),
        ("ないとうたいち", "ないとうたいち"),
        ("渡邊󠄁 健一さん", "渡邊󠄁 健一"),
        ("John Smith", "John Smith"),
        ("えーと、山田太郎です。090-1234-5678です", "山田太郎"),
        ("山田太郎、taro@example.jp です", "山田太郎"),
        ("氏名：佐々木 希", "佐々木 希"),
        ("みなみ あんな", "みなみ あんな"),
        ("小前田 進", "小前田 進"),
        ("やまだ けいたい", "やまだ けいたい"),
    ],
)
def test_names(text, name):
    assert read_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "あ",
        "はい",
        "違います",
        "なんで名前がいるの",
        "教えたくない",
        "匿名で",
        "やっぱりいいです",
        "すべて",
        "全て",
        "だれだよおまえ",
        "おまえこそ誰",
        "状況を知りたい",
        "データが見たい",
        "相続人",
        "消去",
        "代理人です",
        "12345678",
        "？",
        "あ" * 50,
    ],
)
def test_what_is_no_name(text):
    assert read_name(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("山田太郎です、データ全部見せて", "山田太郎"),
        ("佐藤と申します。開示をお願いします", "佐藤"),
        ("ヤマダ タロウです。消してください", "ヤマダ タロウ"),
        ("もう結構です", None),
        ("大変迷惑です。", None),
        ("解約希望です、お願いします", None),
        ("困っています、消してほしいです。", None),
        ("久しぶりです。", None),
    ],
)
def test_who_introduces_themselves_in_passing(text, name):
    assert introduced_name(text) == name


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("０９０－１２３４－５６７８です", ["090-1234-5678"]),
        ("09012345678", ["09012345678"]),
        ("090ー1234ー5678", ["090-1234-5678"]),
        ("+81 90 1234 5678", ["+81 90 1234 5678"]),
        ("(0233)75-3111 と 0120-49-5523", ["(0233)75-3111", "0120-49-5523"]),
        ("996-0212", []),
        ("1985-03-01", []),
        ("12345678901234", []),
    ],
)
def test_phones(text, phones):
    assert find_phones(text) == phones


def test_emails():
    assert find_emails("Ｔａｒｏ＠Ｅｘａｍｐｌｅ．ｊｐ です") == ["taro@example.jp"]
    assert find_emails("taro @ example.jp") == ["taro@example.jp"]
    assert find_emails("taro@example") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12345678", "12345678"),
        ("１２３４５６７８", "12345678"),
        ("コードは1234-5678です", "12345678"),
        ("1\u200b2345678", "12345678"),
        ("1 2 3 4 5 6 7 8", "12345678"),
        ("1234567", None),
        ("123456789", None),
        ("090-1234-5678", None),
    ],
)
def test_codes(text, code):
    assert find_code(text) == code


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("住所は鹿児島市西千石町7番5号です", "鹿児島市西千石町7番5号"),
        ("〒996-0212 山形県最上郡大蔵村清水4022-2", "〒996-0212 山形県最上郡大蔵村清水4022-2"),
        ("山田太郎 山形県山形市緑町1-2-3", "山形県山形市緑町1-2-3"),
        ("うちの住所", None),
        ("町内会の案内をとめて", None),
    ],
)
def test_addresses(text, address):
    assert find_address(text) == address


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("山形 500 あ 12-34", "山形 500 あ 12-34"),
        ("鹿児島３３０さ・１２", "鹿児島330さ・12"),
        ("品川 30A た 12-34", "品川 30A た 12-34"),
        ("1234", None),
    ],
)
def test_plates(text, plate):
    assert find_plate(text) == plate


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("もうハガキ送ってこないで", ("post",)),
        ("電話はダメだけどメールならいい。電話だけやめて", ("phone",)),
        ("紙の案内は止めてメールだけにしてもらえますか", ("post",)),
        ("ダイレクトメール ハ イリマセン", ("post",)),
        ("ショートメールで宣伝を送ってこないで", ("sms",)),
        ("ﾒｰﾙｦﾄﾒﾃｸﾀﾞｻｲ", ("email",)),
        ("電話とメール", ("phone", "email")),
        ("ラインのおしらせ", ("line",)),
        ("オンラインの案内", ()),
        ("案内を全部止めて", ("all",)),
        ("メールは全部止めて", ("email",)),
    ],
)
def test_means(text, means):
    assert choices.read_means(text) == means


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("続けてほしい", "yes"),
        ("それも止めて", "no"),
        ("はい", "yes"),
        ("いらん", "no"),
        ("止めないで", "yes"),
        ("さあ", None),
    ],
)
def test_inspection_notices(text, keeps):
    assert choices.read_keep(text) == keeps


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("メールで", "electronic"),
        ("紙じゃなくてデータで", "electronic"),
        ("どっちでも", "electronic"),
        ("郵送で", "paper"),
        ("はい", None),
    ],
)
def test_forms(text, form):
    assert choices.read_form(text) == form


@pytest.mark.parametrize(
    ("text", "sends"), [("送信する", True), ("これでお願いします", True), ("まだ送らないで", False)]
)
def test_sending(text, sends):
    assert choices.means_send(text) is sends


def test_an_address_ends_with_its_sentence():
    assert find_address("住所は山形県みほん市架空町1-2-3です。点検の案内は続けて") == "山形県みほん市架空町1-2-3"


@pytest.mark.parametrize(
    "said", ["中村です。{}です", "木村ですが、{}です", "野村です {}", "有村から、{}へのハガキを止めて"]
)
def test_a_name_that_resembles_a_municipality_hides_no_address(said):
    address = "鹿児島県みほん市架空町5-6"
    assert find_address(said.format(address)) == address
