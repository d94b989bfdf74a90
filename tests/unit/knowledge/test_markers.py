from __future__ import annotations

import pytest

from bot.knowledge.markers import kanji_number, list_label, read_marker


@pytest.mark.parametrize(
    ("text", "label", "number", "rest"),
    [
        ("1. 目的", "1.", 1, "目的"),
        ("１．目的", "1.", 1, "目的"),
        ("2\\. 目的", "2.", 2, "目的"),
        ("第1条 目的", "第1条", 1, "目的"),
        ("第１０条（目的）", "第10条", 10, "（目的）"),
        ("第十二条　目的", "第十二条", 12, "目的"),
        ("第3条の2（写真）", "第3条の2", 3, "（写真）"),
        ("第l条 目的", "第1条", 1, "目的"),
        ("(2) 氏名", "(2)", 2, "氏名"),
        ("（ ３ ）氏名", "(3)", 3, "氏名"),
        ("（l）氏名", "(1)", 1, "氏名"),
        ("⑴ 氏名", "(1)", 1, "氏名"),
        ("⑫ 氏名", "⑫", 12, "氏名"),
        ("❸氏名", "❸", 3, "氏名"),
        ("❿ 氏名", "❿", 10, "氏名"),
        ("➇ 氏名", "➇", 8, "氏名"),
        ("➉氏名", "➉", 10, "氏名"),
        ("第三〇条（窓口）", "第三〇条", 30, "（窓口）"),
        ("第二四条　窓口", "第二四条", 24, "窓口"),
        ("- ① 氏名", "①", 1, "氏名"),
        ("**3. 窓口**", "3.", 3, "窓口"),
        ("1.2 目的", "1.2", 2, "目的"),
        ("2-3 目的", "2-3", 3, "目的"),
        ("ア　会費", "ア", 1, "会費"),
        ("b. 項目", "b.", 2, "項目"),
        ("ii) 項目", "ii.", 2, "項目"),
        ("Ⅲ. 項目", "Ⅲ.", 3, "項目"),
        ("■ 目的", "", None, "目的"),
        ("■２　目的", "2.", 2, "目的"),
        ("＜利用目的＞", "", None, "利用目的"),
        ("・住所", "・", None, "住所"),
        ("※ なお", "※", None, "なお"),
        ("■名簿■", "", None, "名簿"),
        ("☆★ 会報 ★☆", "", None, "会報"),
        ("●○○商店の会員証", "", None, "○○商店の会員証"),
        ("■担当：○○", "", None, "担当：○○"),
        ("7 通知の方法", "7", 7, "通知の方法"),
        ("2 年齢の確認", "2", 2, "年齢の確認"),
        ("3.（1） 名簿", "3.", 3, "（1） 名簿"),
        ("3. ①と②に伴うもの", "3.", 3, "①と②に伴うもの"),
    ],
)
def test_numbers_and_signs(text: str, label: str, number: int | None, rest: str) -> None:
    marker, found = read_marker(text)
    assert marker is not None
    assert (marker.label, marker.number, found) == (label, number, rest)


@pytest.mark.parametrize(
    "text",
    [
        "第3条に基づき開示します。",
        "第〇条 未定",
        "10:00～17:00",
        "0233-75-3111",
        "2024.4.1 改定",
        "一般に公開します。",
        "10 年間の保存",
        "14 営業日以内",
        "2 枚につき 30 円",
        "5 回までとします。",
        "24 時間つながります。",
        "○○商店は名簿を作ります。",
        "△△様の写真",
        "2．（3）および（4）で集めた名簿です。",
        "4.①を除きます。",
        "-5度",
    ],
)
def test_what_only_looks_like_a_number(text: str) -> None:
    assert read_marker(text) == (None, text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三", 3),
        ("十", 10),
        ("二十一", 21),
        ("三四", 34),
        ("四〇", 40),
        ("一〇二", 102),
        ("二三十", None),
        ("十〇", None),
        ("〇", None),
        ("百", None),
        ("", None),
    ],
)
def test_kanji_numbers(text: str, number: int | None) -> None:
    assert kanji_number(text) == number


@pytest.mark.parametrize(
    ("text", "style", "label", "number"),
    [
        ("ｌ．利用目的", "decimal", "1.", 1),
        ("（３〕 保安点検の実施", "paren", "(3)", 3),
        ("a 健康診断", "latin", "a.", 1),
        ("ii おやつ", "roman-small", "ii.", 2),
    ],
)
def test_what_scanners_and_typists_make_of_numbers(text: str, style: str, label: str, number: int | None) -> None:
    marker, _ = read_marker(text)
    assert marker is not None
    assert (marker.style, marker.label, marker.number) == (style, label, number)


@pytest.mark.parametrize("text", ["eメールで送ります。", "A 社に渡します。", "i-modeは使えません。"])
def test_what_only_looks_like_a_letter(text: str) -> None:
    assert read_marker(text) == (None, text)


@pytest.mark.parametrize(
    ("number", "kind", "label"),
    [(2, "1", "2."), (2, "a", "b."), (3, "A", "C."), (4, "i", "iv."), (4, "I", "IV."), (27, "a", "27.")],
)
def test_numbers_of_lists_as_a_browser_shows_them(number: int, kind: str, label: str) -> None:
    assert list_label(number, kind) == label
