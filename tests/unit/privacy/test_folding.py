from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.folding import _VARIANTS, fold_address, fold_email, fold_name, fold_plate


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋 花子", "高橋花子"),
        ("山﨑　一郎", "山崎一郎"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("齋藤", "斉藤"),
        ("齊藤", "斎藤"),
        ("濵田", "浜田"),
        ("澤田", "沢田"),
        ("𠮷田", "吉田"),
        ("葛\U000e0100城", "葛城"),
        ("神\ufe00田", "神田"),
        ("飯塚", "飯\ufa10"),
        ("タカハシ ハナコ", "ﾀｶﾊｼﾊﾅｺ"),
        ("たかはし はなこ", "タカハシハナコ"),
        ("キョウコ", "キヨウコ"),
        ("きょうこ", "ｷﾖｳｺ"),
        ("オーノ", "オ―ノ"),
        ("関ヶ原", "関ケ原"),
        ("ジョン・スミス", "ジョンスミス"),
        ("Smith John", "ＳＭＩＴＨ　ＪＯＨＮ"),
        ("が", "か\u3099"),
        ("高橋\u200b花子", "高橋花子"),
    ],
)
def test_one_name_however_written(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(("one", "other"), [("高橋", "高矯"), ("佐藤", "佐東"), ("ハナコ", "ハナエ"), ("カナ", "ガナ")])
def test_other_names_stay_other(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize("nothing", ["", " ", "　", "・", "\u200b"])
def test_nothing_stays_nothing(nothing: str) -> None:
    assert fold_name(nothing) == ""


def test_each_character_is_in_one_group_and_not_what_unicode_folds_itself() -> None:
    characters = [one for group in _VARIANTS.split() for one in group]
    assert len(characters) == len(set(characters))
    assert [one for one in characters if unicodedata.normalize("NFKC", one) != one] == []
    assert all(len(group) > 1 for group in _VARIANTS.split())


def test_an_address_of_mail_is_folded() -> None:
    assert fold_email(" Ｈanako@Example.JP ") == "hanako@example.jp"


@pytest.mark.parametrize(
    "plate",
    ["山形 500 あ 12-34", "山形500あ1234", "山形５００あ１２－３４", "山形 500 あ 12ー34", "山形　500　あ　12−34"],
)
def test_a_plate_is_folded(plate: str) -> None:
    assert fold_plate(plate) == "山形500あ1234"


def test_the_dots_of_a_short_plate_are_left_out() -> None:
    assert fold_plate("品川 30a さ ・・・1") == "品川30Aさ1"


@pytest.mark.parametrize(
    "written",
    [
        "山形県新庄市 本町１－２ー３",
        "新庄市本町1-2-3",
        "〒996-0001 山形県新庄市本町1丁目2番3号",
        "9960001山形県新庄市本町一丁目2番地3",
        "山形県新庄市大字本町1丁目2の3",
    ],
)
def test_an_address_is_the_same_however_it_is_written(written: str) -> None:
    assert fold_address(written) == "新庄市本町1-2-3"


def test_an_address_keeps_what_tells_it_from_others() -> None:
    assert fold_address("本町十二丁目3番4号ハイツ番場201") == "本町12-3-4ハイツ番場201"
    assert fold_address("本町二十丁目") == "本町20"
    assert fold_address("関ヶ原町1") == fold_address("関ケ原町1") == "関ケ原町1"
    assert fold_address("センター北") == "センター北"
    assert fold_address("山形県") == "山形県"


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    for fold in (fold_name, fold_plate, fold_address):
        assert fold(fold(text)) == fold(text)
