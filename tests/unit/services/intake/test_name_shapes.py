"""What can only be a name by its shape, and what is talk in the same shape."""

import pytest

from bot.services.intake.name_shapes import has_name_shape, is_courtesy, is_in_parts, is_plainly_name


@pytest.mark.parametrize(
    "name",
    [
        "渡邊 太郎",
        "林 一",
        "渡邊󠄁 健一",
        "阿部 さくら",
        "やました たろう",
        "ワタナベ ミサキ",
        "マイケル・スミス",
        "グエン ヴァン アン",
        "Kim Minji",
        "Jean-Luc O'Brien",
        "大野 元気",
        "今井 希望",
        "木の実 ナナ",
        "アメール カーン",
    ],
)
def test_parts_of_a_name(name):
    assert is_in_parts(name)
    assert has_name_shape(name)
    assert is_plainly_name(name)


@pytest.mark.parametrize("name", ["渡邊太郎", "ワタナベミサキ", "株式会社見本工業", "見本工業株式会社"])
def test_a_full_name_or_a_company_in_one(name):
    assert has_name_shape(name)


@pytest.mark.parametrize(
    "text",
    [
        "電話 停止",
        "解約 希望",
        "明細 請求",
        "天気 どう",
        "雑談 しよう",
        "今日 暑い",
        "猫 好き",
        "おなか すいた",
        "アリガトウ ゴザイマス",
        "how are you",
        "担当者",
        "中止",
        "取消希望",
        "情報漏洩",
        "キャンセル",
        "オペレーター",
        "ツカレタ",
        "ヒマダナア",
        "面白いね",
        "面倒くさい",
        "退屈だよ",
        "ひまだなあ",
        "一 二 三 四 五 六",
    ],
)
def test_talk_and_wishes(text):
    assert not has_name_shape(text)
    assert not is_plainly_name(text)


@pytest.mark.parametrize(
    "text", ["こんにちは", "コンニチハ!", "すみません", "お世話になります", "ごめんなさい", "おつかれさま", "はい"]
)
def test_courtesy(text):
    assert is_courtesy(text)


@pytest.mark.parametrize("text", ["有賀 遠", "ありが とおる", "はいばら まこと", "ええだ けん"])
def test_a_name_that_begins_like_courtesy(text):
    assert not is_courtesy(text)
