from __future__ import annotations

import pytest

from bot.knowledge.guessing import guess_topics


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("クッキーは使ってますか", "cookies"),
        ("リコールのときはどうなる？", "recall"),
        ("もうハガキ止めてもらえますか", "marketing_opt_out"),
        ("保険会社とも関係あるんですか", "purpose_insurance"),
        ("手数料はかかりますか", "fees"),
        ("マイナンバーは集めていますか", "my_number"),
    ],
)
def test_the_likeliest_topic(question: str, topic: str) -> None:
    assert guess_topics(question)[0][0] == topic


def test_shares_sum_to_one_at_most_and_nothing_is_guessed_from_nothing() -> None:
    assert sum(share for _, share in guess_topics("窓口の電話番号と受付時間は？")) == pytest.approx(1)
    assert guess_topics("今日の天気は") == []
    assert guess_topics("") == []
