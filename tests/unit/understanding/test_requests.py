from __future__ import annotations

import pytest

from bot.understanding.model import Understander
from bot.understanding.result import Understanding


def kinds(understood: Understanding) -> list[str]:
    return [wish.intent.removeprefix("request_") for wish in understood.wishes]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("電話をかけないでください。番号は090-1234-5678です。あと責任者の名前も教えて", ["responsible_person"]),
        ("よその会社に渡していますか？あとtaro@example.jpへのメルマガは止めてください", ["third_party"]),
        ("ダイレクトメールを止めてください。山形県みほん市緑町7-8です", []),
        ("今後は電話しないでください。090-1234-5678です。\n\n小林 一茶", []),
        ("メルマガを止めてください\ntaro@example.jp\n小林一茶より", []),
        ("ハガキは結構です。住所は山形県みほん市緑町7-8です。何年残すのですか", ["retention_period"]),
    ],
)  # fmt: skip
def test_a_plain_request_is_made_whatever_stands_beside_it(
    understander: Understander, text: str, topics: list[str]
) -> None:
    understood = understander.understand(text)

    assert understood.intent == "request_stop_marketing"
    assert [question.topics[0][0] for question in understood.questions] == topics


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("訂正と開示をお願いします", ["correction", "disclosure"]),
        ("メールアドレスの変更と、ハガキの停止を希望します", ["correction", "stop_marketing"]),
        ("電話番号を直してほしい。それとDMもやめて", ["correction", "stop_marketing"]),
        ("自分のデータを全部見たい。そのあと全部消してください", ["disclosure", "erasure"]),
        ("ハガキと電話を止めてください", []),
        ("住所と電話番号の訂正をお願いします", []),
        ("電話を止めてください。メールも止めてください", ["stop_marketing"]),
        ("先月引っ越しました。住所が古いままなので直してください", ["correction"]),
        ("データを消すときの手数料と日数を教えてください", []),
    ],
)
def test_several_requests_are_found_and_one_is_not_doubled(
    understander: Understander, text: str, requests: list[str]
) -> None:
    assert kinds(understander.understand(text)) == requests


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("メールを止めてください。何回言わせるんですか、責任者を出してください", "ask_handoff"),
        ("母の情報を見せてほしい。私は娘です", "request_about_another"),
    ],
)
def test_what_only_a_person_can_settle_is_no_request(understander: Understander, text: str, intent: str) -> None:
    assert understander.understand(text).intent == intent


def test_a_question_in_mid_form_hides_no_request(understander: Understander) -> None:
    waiting = {"field": "form", "kind": "text", "choices": ["紙で受け取る"]}
    understood = understander.understand(
        "メールは止めてください。taro@example.jpです。あと手数料はいくらですか", waiting
    )

    assert kinds(understood) == ["stop_marketing"]
    assert [question.topics[0][0] for question in understood.questions] == ["fees"]


def test_an_open_form_keeps_its_message_whole(understander: Understander) -> None:
    waiting = {"field": "reason", "kind": "text", "choices": []}
    assert not understander.understand("電話を止めてほしい。それと住所も直して", waiting).wishes
