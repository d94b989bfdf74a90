from __future__ import annotations

import pytest

from bot.understanding.model import Understander


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
        ("もらった書類は何に使って何年残すんですか", ["retention_period", "purposes"]),
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
