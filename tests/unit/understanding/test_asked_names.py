"""Names that customers give, through the trained understanding and the form's own reader of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bench.register import person
from bot.privacy.request_types import Field
from bot.services.intake.fields import FIELDS, Reading
from bot.services.intake.form import OpenForm
from bot.services.intake.given import surely_given
from bot.understanding.model import Understander
from bot.understanding.result import INFORM

CUSTOMERS = 7 * 8
"""So many of the made-up customers have names that differ."""

RARE = """髙橋 太郎,渡邊　太郎,阿部 太郎です,林 一,原 恵,森 誠,南 愛,辻 望,西 幸,岡 実,王 偉,李 娜,中村 中,
村 愛,朴 智星,小鳥遊 翼,四月一日 楓,勅使河原 三郎,長宗我部 元,御手洗 潔,金田一 耕助,喜屋武 豊,
大野 元気,今日 一郎,有賀 遠,宇多田 ヒカル,木の実 ナナ,松たか子,グエン ヴァン アン,
グエン・ティ・ホア,Kim Minji,Nguyen Van An,MARIA SANTOS,O'Brien Sean,ﾌｼﾞﾜﾗ ﾕｳｺ,ﾔﾏﾀﾞ ﾀﾛｳ,
マイケル・スミス,デーブ・スペクター,アメール カーン,なかの にな,ありが とおる,やました たろう,
たろう やました,名前は原 恵です,氏名：林 一,吉田 拓郎です,(株)見本工業,株式会社見本商店"""

NO_NAMES = """こんにちは,コンニチハ,すみません,おはようございます,ありがとうございます,さようなら,もしもし,はい,
いいえ,お世話になります,ごめんなさい,おつかれさま,了解しました,やめたい,中止,担当者と話したい,
人間に代わって,担当者,オペレーター,なぜ名前が要るのですか,どうして必要なの,手数料はいくらですか,
個人情報は誰に渡しますか,開示請求したい,案内を止めて,データを消して,電話 停止,情報 開示,
今日は暑いですね,面白いね,疲れました,暇だな,おなか すいた,雑談 しよう,
ふざけるな,いい加減にしろ,ロボットですか,君の名前は,わからない,教えたくない"""


def listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


def names_of(number: int) -> list[str]:
    """The ways in which a customer writes the own name."""
    name, kana = person(number)["name"], person(number)["name_kana"]
    return [name, kana, name.replace(" ", "　"), name.replace(" ", ""), kana.replace(" ", ""), f"{name}です"]


def answered(understander: Understander, text: str, attempts: int = 0) -> Reading | None:
    """What the form reads where it asked for a name; None where the message never reaches it."""
    kind = "given" if surely_given(Field.NAME, text) else FIELDS[Field.NAME].kind
    understood = understander.understand(text, {"field": "name", "kind": kind, "choices": []})
    if understood.intent != INFORM:
        return None
    turn = SimpleNamespace(understanding=understood, text=text)
    form: Any = SimpleNamespace(turn=turn, attempts=attempts, value=lambda _: None)
    return FIELDS[Field.NAME].read(cast(OpenForm, form), text)


def is_taken(understander: Understander, text: str, attempts: int = 0) -> bool:
    reading = answered(understander, text, attempts)
    return bool(reading and Field.NAME in reading.values)


def test_no_customer_of_the_register_is_refused(understander: Understander) -> None:
    names = [name for number in range(CUSTOMERS) for name in names_of(number)]
    assert [name for name in names if not is_taken(understander, name)] == []


@pytest.mark.parametrize("name", listed(RARE))
def test_rare_and_foreign_names_are_taken(understander: Understander, name: str) -> None:
    assert is_taken(understander, name)


@pytest.mark.parametrize("text", listed(NO_NAMES))
def test_what_is_no_name_is_not_taken_for_one(understander: Understander, text: str) -> None:
    assert not is_taken(understander, text)


@pytest.mark.parametrize("name", ["はな", "さんま", "やました", "林一"])
def test_nobody_is_refused_a_third_time(understander: Understander, name: str) -> None:
    assert is_taken(understander, name, attempts=2)


@pytest.mark.parametrize("text", ["こんにちは", "すみません", "なぜ名前が要るのですか", "教えたくない", "はい"])
def test_talk_is_no_name_however_often_it_is_said(understander: Understander, text: str) -> None:
    assert not is_taken(understander, text, attempts=2)
