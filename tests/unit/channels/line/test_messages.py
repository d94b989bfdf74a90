from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import pytest

from bot.channels.line.messages import Formatter
from bot.knowledge.answering import answer
from bot.knowledge.library import PolicyLibrary
from bot.knowledge.rendering import render
from bot.knowledge.topics import topic_table
from bot.services.phrases import Phrasebook
from bot.services.records import Message
from bot.settings import ROOT
from tests.line_limits import over_limits, readable

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
COMPANIES = PolicyLibrary(ROOT / "data" / "policies")
URL = "https://example.jp/privacy"


def said(text: str, author: str = "bot", **body: Any) -> Message:
    return Message("m1", "c1", 1, author, text, datetime(2026, 6, 2, tzinfo=timezone.utc), body=body)


def answered(*parts: tuple[str, str], url: str = URL) -> Message:
    """An answer of these parts, each a kind and a text."""
    listed = [{"kind": kind, "text": text} for kind, text in parts]
    return said("\n\n".join(text for _, text in parts), parts=listed, **({"policy_url": url} if url else {}))


def shown(*messages: Message) -> list[dict[str, Any]]:
    made = [json.loads(message.to_json()) for message in Formatter(PHRASES).turn(messages)]
    assert over_limits(made) == []
    return made


def read(made: Sequence[dict[str, Any]]) -> str:
    """All words in the order in which they stand, without blanks."""
    return "".join("".join(readable(message) for message in made).split())


def buttons(*titles: str) -> list[dict[str, str]]:
    return [{"title": title, "payload": title} for title in titles]


def test_plain_words_are_a_text_message() -> None:
    assert shown(said("かしこまりました。")) == [{"type": "text", "text": "かしこまりました。"}]


def test_an_answer_is_a_lead_and_a_bubble_with_clause_citation_and_link() -> None:
    made = shown(
        answered(
            ("lead", "次のように書かれています。"),
            ("heading", "7. 共同利用"),
            ("quote", "⑤ 情報の提供を行うため。"),
            ("citation", "［個人情報保護方針 7.(3)⑤］"),
            ("link", f"全文はこちら {URL}"),
        )
    )
    assert [message["type"] for message in made] == ["text", "flex"]
    assert made[0]["text"] == "次のように書かれています。"
    lines = [line["text"] for line in made[1]["contents"]["body"]["contents"]]
    assert lines == ["7. 共同利用", "⑤ 情報の提供を行うため。", "［個人情報保護方針 7.(3)⑤］"]
    [button] = made[1]["contents"]["footer"]["contents"]
    assert button["action"] == {"type": "uri", "label": "全文を見る", "uri": URL}
    assert made[1]["altText"] == "\n".join(lines)


def test_two_answers_are_shown_one_after_the_other_with_one_link() -> None:
    made = shown(answered(("lead", "一"), ("quote", "い"), ("lead", "二"), ("quote", "ろ"), ("link", "全文")))
    assert [message["type"] for message in made] == ["text", "flex", "text", "flex"]
    assert ["footer" in message.get("contents", {}) for message in made] == [False, False, False, True]


@pytest.mark.parametrize("url", ["", "ftp://example.jp/", "javascript:alert(1)", "https://example.jp/" + "a" * 1000])
def test_an_address_that_no_button_may_open_stays_in_the_text(url: str) -> None:
    made = shown(answered(("lead", "一"), ("quote", "い"), ("link", f"全文 {url}"), url=url))
    assert made[-1] == {"type": "text", "text": f"全文 {url}".strip()}


def test_where_the_policy_is_silent_the_link_stays_in_the_text() -> None:
    [made] = shown(answered(("lead", "記載がありません。"), ("contact", "電話 0120-1"), ("link", f"全文 {URL}")))
    assert made["text"] == f"記載がありません。\n\n電話 0120-1\n\n全文 {URL}"


def test_a_long_clause_is_cut_at_sentences_and_keeps_every_word() -> None:
    clause = "".join(f"{number}番目の定めです。" for number in range(2000))
    made = shown(answered(("quote", clause), ("citation", "［1］"), ("link", "全文")))
    assert read(made) == "".join(f"{clause}［1］全文を見る{URL}".split())
    assert all(message["altText"].endswith("…") for message in made[:-1])


def test_more_than_five_messages_become_one_text() -> None:
    made = shown(*(said(f"{number}通目です。") for number in range(6)))
    assert made == [{"type": "text", "text": "\n\n".join(f"{number}通目です。" for number in range(6))}]


def test_what_fits_into_no_five_messages_is_kept_all_the_same() -> None:
    text = "とても長い文です。" * 4000
    made = Formatter(PHRASES).turn([said(text)])
    assert len(made) > 5
    assert "".join(message.text for message in made) == text


def test_empty_words_are_not_sent() -> None:
    assert shown(said(" \n"), said("はい")) == [{"type": "text", "text": "はい"}]
    assert shown(said("")) == []


def test_the_buttons_of_a_turn_stand_under_its_last_message() -> None:
    made = shown(said("一", buttons=buttons("はい", "いいえ")), said("二", buttons=buttons("いいえ", "やめる")))
    assert "quickReply" not in made[0]
    actions = [item["action"] for item in made[1]["quickReply"]["items"]]
    assert actions == [{"type": "message", "label": text, "text": text} for text in ("はい", "いいえ", "やめる")]


def test_buttons_keep_to_what_line_takes() -> None:
    many = [{"title": f"{number}" + "あ" * 30, "payload": f"{number}" + "い" * 298} for number in range(20)]
    [made] = shown(said("選んでください。", buttons=[{"title": "長い", "payload": "う" * 301}, *many]))
    items = made["quickReply"]["items"]
    assert len(items) == 13
    assert items[0]["action"] == {"type": "message", "label": "0" + "あ" * 18 + "…", "text": "0" + "い" * 298}


def test_a_member_of_staff_is_named() -> None:
    [made] = shown(said("お調べします。", author="staff", staff_name="山田"))
    assert made["sender"] == {"name": "担当者 山田"}
    [nameless] = shown(said("お調べします。", author="staff"))
    assert nameless["sender"] == {"name": "担当者"}
    [long] = shown(said("はい。", author="staff", staff_name="寿限無" * 10))
    assert len(long["sender"]["name"]) == 20


@pytest.mark.parametrize("company", COMPANIES.ids())
def test_every_topic_of_every_policy_can_be_shown_with_every_word(company: str) -> None:
    known = COMPANIES.get(company)
    for topic in topic_table():
        found = answer(known.policy, "", [(topic, 1.0)])
        told = render([found], known.name, known.contact, PHRASES, known.policy_url)
        parts = [(part.kind, part.text) for part in told.parts]
        made = shown(answered(*parts, url=known.policy_url))
        assert len(made) <= 5
        words = [text for kind, text in parts if kind != "link"]
        assert all("".join(text.split()) in read(made) for text in words), topic
        assert not known.policy_url or known.policy_url in read(made)
