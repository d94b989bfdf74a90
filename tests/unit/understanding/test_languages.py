from __future__ import annotations

import pytest

from bot.settings import ROOT
from bot.understanding.languages import Foreign, in_other_language
from bot.understanding.text import normalise
from bot.understanding.training_data import read_examples


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("Do you share my data with third parties?", "en", "third_party"),
        ("How can I delete my personal information", "en", "rights_procedure"),
        ("Where is your office", "en", ""),
        ("你们会把我的个人信息提供给第三方吗？", "zh", "third_party"),
        ("請問個人資料會保存多久？", "zh", "retention_period"),
        ("Thông tin cá nhân của tôi có được cung cấp cho bên thứ ba không?", "vi", "third_party"),
        ("toi muon biet so dien thoai lien he", "vi", "contact"),
        ("개인정보를 제3자에게 제공합니까?", "ko", "third_party"),
        ("Para que vocês usam meus dados?", "pt", "purposes"),
    ],
)
def test_a_language_and_its_question_are_recognised(text: str, language: str, topic: str) -> None:
    assert in_other_language(normalise(text)) == Foreign(language, topic)


@pytest.mark.parametrize(
    "text",
    ["利用目的", "手数料", "開示請求", "OK", "thx", "SSL", "cookie", "DMいらない", "www", "個人情報保護方針", "👍", ""],
)
def test_short_and_kanji_only_japanese_is_japanese(text: str) -> None:
    assert in_other_language(normalise(text)) is None


def test_hardly_any_training_example_is_taken_for_another_language() -> None:
    japanese = [e.text for e in read_examples(ROOT / "data" / "nlu") if e.intent != "out_of_scope"]

    assert [text for text in japanese if in_other_language(normalise(text))] == []
