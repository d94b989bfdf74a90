from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.understanding.model import Understander
from bot.understanding.questions import BIAS, read_weights, weigh


def topics(understander: Understander, text: str) -> list[str]:
    return [question.topics[0][0] for question in understander.understand(text).questions]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("データは何年保存しますか？それと手数料はいくらですか？", ["retention_period", "fees"]),
        ("窓口の電話番号と受付時間を知りたいです", ["contact", "contact_hours"]),
        ("利用目的と第三者提供について教えてください", ["purposes", "third_party"]),
        ("何に使っていますか？また第三者に渡しますか？", ["purposes", "third_party"]),
        ("クッキーって何に使ってるの？切り方も教えて", ["cookies", "cookies_refusal"]),
        ("責任者は誰ですか。連絡先も教えてください。", ["responsible_person", "contact"]),
        ("どんな情報を集めて、何に使うのですか", ["collected_items", "purposes"]),
        ("DMの止め方とクッキーの切り方おしえて", ["marketing_opt_out", "cookies_refusal"]),
        ("情報はいつまで残しとくの、それとどうやって捨ててるの", ["retention_period", "disposal"]),
        ("責任者の名前、それと電話番号を教えてください", ["responsible_person", "contact"]),
        ("何に使うの？ついでに何年残るのかも知りたい", ["purposes", "retention_period"]),
        ("苦情はどこに言えばいいの、あと受付は何時まで", ["complaints", "contact_hours"]),
        ("共同利用してる会社はどこですか。その責任者はどこですか。", ["joint_use_parties", "joint_use_responsible"]),
        ("どこと共同利用しているのかと、その目的を教えてください", ["joint_use_parties", "joint_use_purposes"]),
        ("クッキーは入れてますか、あと断る方法も聞きたい", ["cookies", "cookies_refusal"]),
        ("よその会社にやっとですか、そいから何年残すとですか", ["third_party", "retention_period"]),
        ("ﾃﾞﾝﾜﾊﾞﾝｺﾞｳﾄ ｳｹﾂｹｼﾞｶﾝｦ ｵｼｴﾃ", ["contact", "contact_hours"]),
        ("もらった書類は何に使って何年残すんですか", ["purposes", "retention_period"]),
        ("ここの正式な社名は。情報管理の責任者はどなた。", ["company_info", "responsible_person"]),
    ],
)
def test_two_questions_are_two(understander: Understander, text: str, asked: list[str]) -> None:
    assert topics(understander, text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("氏名、住所、電話番号は何に使いますか", "purposes"),
        ("やめたあとも情報は残るの？どのくらい残るの？", "retention_period"),
        ("電話はどこにかければいいですか？番号を教えてください", "contact"),
        ("他の会社に渡していませんか？心配です", "third_party"),
        ("クッキーを切って、サイトを見ても大丈夫ですか", "cookies_refusal_effect"),
        ("どこの会社と共有していますか、教えてください", "joint_use_parties"),
        ("社員とかバイトにもちゃんと教育してる？", "safety_human"),
    ],
)
def test_one_question_stays_one(understander: Understander, text: str, asked: str) -> None:
    assert topics(understander, text) == [asked]


def test_a_question_keeps_its_own_words(understander: Understander) -> None:
    understood = understander.understand("データは何年保存しますか？それと手数料はいくらですか？")

    assert understood.questions[1].text == "手数料はいくらですか?"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("何を集めて、何に使って、誰に渡すの？", ["collected_items", "purposes", "third_party"]),
        ("利用目的と第三者提供と保存期間を教えてください", ["purposes", "third_party", "retention_period"]),
        (
            "窓口の電話番号と受付時間、それと責任者の名前をおしえて",
            ["contact", "contact_hours", "responsible_person"],
        ),
    ],
)
def test_three_questions_are_three(understander: Understander, text: str, asked: list[str]) -> None:
    assert topics(understander, text) == asked


def test_every_sign_of_a_second_question_has_its_weight(understander: Understander) -> None:
    candidates = list(understander.second_questions("何年保存しますか？それと手数料はいくらですか？"))

    assert candidates
    assert all({BIAS, *one.signs} == set(read_weights()) for one in candidates)


def test_signs_are_weighed() -> None:
    assert weigh({"listed": 1.0, "ended": 0.0}, {BIAS: -0.5, "listed": 0.75, "ended": 9.0}) == 0.25


@pytest.mark.parametrize("content", ["", "bias", "bias: much"])
def test_weights_that_cannot_be_read_are_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "weights.yml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(SettingError, match=r"weights\.yml.*bench\.nlu\.cuts"):
        read_weights(path)
