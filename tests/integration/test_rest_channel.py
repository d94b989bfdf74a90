"""The plain REST channel before the real processes: questions, requests, handoffs, bad input and failures."""

from __future__ import annotations

import json
import re
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import psutil
import pytest

from bot.engine.client import PATH, TOKEN_HEADER, engine_token
from bot.settings import ROOT
from bot.storage.vault import Vault
from tests.real_desk import RealDesk, wait_until_ready

pytestmark = pytest.mark.real

RECEIPT = re.compile(r"受付番号\D*?([A-Z0-9-]{6,})")
UNAVAILABLE = "窓口の調子が悪く"


class Customer:
    """Somebody who talks to the real desk."""

    def __init__(self, desk: RealDesk, company: str | None = "okura") -> None:
        self.desk = desk
        self.company = company
        self.sender = uuid.uuid4().hex

    @property
    def conversation(self) -> str:
        """The id under which the desk keeps the conversation."""
        return uuid.uuid5(uuid.NAMESPACE_OID, f"rest:{self.sender}").hex

    def says(self, text: str) -> str:
        return self.desk.say(self.sender, text, self.company)

    def says_all(self, *texts: str) -> str:
        """Say one thing after the other and give the last reply."""
        return [self.says(text) for text in texts][-1]


@pytest.fixture
def customer(real_desk: RealDesk) -> Customer:
    return Customer(real_desk)


def rows(desk: RealDesk, *command: str) -> list[dict[str, Any]]:
    return list(json.loads(desk.command(*command, "--json").stdout))


def receipt_in(said: str) -> str:
    found = RECEIPT.search(said)
    assert found, said
    return found[1]


# Questions


@pytest.mark.parametrize(
    ("company", "question", "words"),
    [
        (
            "okura",
            "うちの車の情報ってどこの会社に渡ってるの？",
            ("①全日本ロータス同友会（株式会社ロータス）", "②株式会社ブロードリーフ", "7.(1)"),
        ),
        ("okura", "リコールのときはどうなる？", ("⑤ リコールが発生した場合", "7.(3)⑤")),
        ("okura", "クッキーは使ってますか", ("記載がありません", "0233-75-3111")),
        ("okura", "第７条（１）を見せて", ("①全日本ロータス同友会（株式会社ロータス）", "個人情報保護方針 7.(1)")),
        ("okura", "99条は？", ("その番号の項目は", "7. 個人データの共同利用")),
        ("okura", "何を集めて、何に使って、誰に渡すの？", ("2.(1)", "9.")),
        ("okura", "もうハガキ送ってこないで", ("案内の停止",)),
        ("okura", "私のデータ全部見せて", ("開示",)),
        ("okura", "担当の人と話したい", ("担当者",)),
        ("okura", "今日の天気は", ("申し訳ございません", "個人情報の取り扱いについてのご質問")),
        ("okura", "ありがとう", ("どういたしまして",)),
        ("kagoshima", "クッキー切ったらサイト見れなくなる？", ("個人情報保護方針 3",)),
        ("kagoshima", "保険会社とも関係あるんですか", ("⑧", "1.⑧")),
        ("kagoshima", "日産本社にも情報いくの？", ("日産自動車", "2.")),
        ("kagoshima", "管理責任者は？", ("④", "④")),
        ("kagoshima", "窓口の時間は", ("10:00～17:00", "0120-49-5523")),
        ("kagoshima", "担当の人と話したい", ("担当者",)),
        ("kagoshima", "今日の天気は", ("申し訳ございません", "個人情報の取り扱いについてのご質問")),
        ("kagoshima", "ありがとう", ("どういたしまして",)),
    ],
)
def test_the_examples_come_out_right(real_desk: RealDesk, company: str, question: str, words: tuple[str, ...]) -> None:
    said = Customer(real_desk, company).says(question)
    for word in words:
        assert word in said, said
    other = "0120-49-5523" if company == "okura" else "0233-75-3111"
    assert other not in said


def test_a_policy_is_quoted_as_it_was_published(real_desk: RealDesk) -> None:
    published = (ROOT / "data" / "policies" / "kagoshima" / "policy.md").read_text(encoding="utf-8")
    # The last paragraph of section 3
    section = published.partition("\n3.")[2].partition("\n4.")[0]
    paragraph = section.strip().splitlines()[-1].strip()
    assert len(paragraph) > 40
    assert paragraph in Customer(real_desk, "kagoshima").says("クッキー切ったらサイト見れなくなる？")


@pytest.mark.parametrize(
    ("company", "first", "follow", "words"),
    [
        ("okura", "うちの車の情報ってどこの会社に渡ってるの？", "じゃあ項目は？", "7.(2)"),
        ("okura", "うちの車の情報ってどこの会社に渡ってるの？", "その目的は？", "7.(3)"),
        ("okura", "個人情報を何に使っていますか", "その目的は？", "目的そのものです"),
        ("okura", "個人情報を何に使っていますか", "番号は？", "0233-75-3111"),
        ("okura", "個人情報を何に使っていますか", "いつまで？", "保存する期間"),
        ("kagoshima", "個人情報を何に使っていますか", "もっと短く", "はじめの部分"),
        ("kagoshima", "日産本社にも情報いくの？", "じゃあ項目は？", "共同利用する情報の項目"),
        ("kagoshima", "日産本社にも情報いくの？", "誰が？", "共同利用する相手"),
    ],
)
def test_a_word_follows_what_was_spoken_of(
    real_desk: RealDesk, company: str, first: str, follow: str, words: str
) -> None:
    customer = Customer(real_desk, company)
    customer.says(first)
    said = customer.says(follow)
    assert words in said, said


# Requests


def test_a_disclosure_from_the_first_words_to_the_receipt(customer: Customer) -> None:
    desk, before = customer.desk, len(customer.desk.sent())
    # Given what the customer wants and who it is
    assert "開示" in customer.says("私のデータ全部見せて")
    customer.says_all("電子データで受け取る", "佐藤花子", "hanako.sato@example.jp")
    # When the code that went to the contact on file, and a second fact, are given
    customer.says_all(desk.last_code(before), "山形 500 あ 12-34")
    said = customer.says("送信する")
    # Then there is a verified request with that receipt
    [request] = [row for row in rows(desk, "requests", "list") if row["receipt"] == receipt_in(said)]
    assert (request["type"], request["status"], request["verified"]) == ("disclosure", "open", True)
    assert (request["company"], request["channel"]) == ("okura", "rest")


def test_marketing_is_stopped_by_naming_the_number_alone(customer: Customer) -> None:
    number = "+819099990001"
    said = customer.says("090-9999-0001 への営業電話をやめてください")
    assert "案内の停止" in said
    # The number is suppressed before the form is through
    assert [row for row in _suppressed(customer.desk) if row["contact"] == number]
    said = customer.says_all("点検・車検のお知らせは続けてほしい", "送信する")
    [request] = [row for row in rows(customer.desk, "requests", "list") if row["receipt"] == receipt_in(said)]
    assert (request["type"], request["verified"]) == ("stop_marketing", False)
    [row] = [row for row in _suppressed(customer.desk) if row["contact"] == number]
    assert (row["means"], row["company"]) == ("phone", "okura")


def _suppressed(desk: RealDesk) -> list[dict[str, Any]]:
    return rows(desk, "suppressions", "list", "--reveal")


FORM_QUESTION = "どのような形で受け取りますか"


def test_a_question_in_mid_form_is_answered_and_the_form_asks_again(customer: Customer) -> None:
    assert FORM_QUESTION in customer.says("私のデータ全部見せて")
    said = customer.says("リコールのときはどうなる？")
    assert said.index("7.(3)⑤") < said.index(FORM_QUESTION)
    assert "お名前" in customer.says("電子データで受け取る")


def test_courtesy_and_why_in_mid_form_lead_back_to_the_question(customer: Customer) -> None:
    customer.says("私のデータ全部見せて")
    for aside in ("ありがとう", "何ができますか", "なぜそんなことを聞くんですか"):
        assert FORM_QUESTION in customer.says(aside), aside


def test_a_form_goes_on_after_the_engine_has_forgotten_the_conversation(customer: Customer) -> None:
    customer.says_all("私のデータ全部見せて", "電子データで受け取る")
    # When the engine's state is gone, as after a night
    with database(customer.desk) as connection:
        gone = connection.execute("DELETE FROM engine_states WHERE conversation = ?", (customer.conversation,))
        assert gone.rowcount == 1
        connection.commit()
    # Then the form is where it was
    assert "お名前" in customer.says("さっきの続きをお願いします")
    assert "電話番号かメールアドレス" in customer.says("佐藤花子")


def test_a_cancelled_form_is_gone(customer: Customer) -> None:
    customer.says("私のデータ全部見せて")
    assert "やめました" in customer.says("やっぱりやめます")
    assert "見つかりません" in customer.says("さっきの続きをお願いします")
    assert "7.(3)⑤" in customer.says("リコールのときはどうなる？")


# Handing over


def test_after_a_handoff_the_bot_is_silent_until_the_customer_wants_it_back(customer: Customer) -> None:
    waiting = ("handoffs", "list", "--status", "waiting")
    before = len(rows(customer.desk, *waiting))
    assert "担当者" in customer.says("担当の人と話したい")
    assert len(rows(customer.desk, *waiting)) == before + 1
    assert customer.says("リコールのときはどうなる？") == ""
    assert "自動でのお答えに戻りました" in customer.says("自動でのお答えに戻る")
    assert "7.(3)⑤" in customer.says("リコールのときはどうなる？")
    assert len(rows(customer.desk, *waiting)) == before


def test_a_person_is_called_in_mid_form_and_the_form_waits(customer: Customer) -> None:
    customer.says("私のデータ全部見せて")
    assert "担当者" in customer.says("担当の人と話したい")
    assert customer.says("もしもし") == ""
    customer.says("自動でのお答えに戻る")
    assert FORM_QUESTION in customer.says("さっきの続きをお願いします")


def test_two_misunderstandings_open_a_case_and_offer_a_person(customer: Customer) -> None:
    reasons = [case["reason"] for case in rows(customer.desk, "handoffs", "list")]
    first = customer.says("富士山の高さを教えて")
    assert "この窓口ではお答えできません" in first
    assert "担当者におつなぎ" not in first
    said = customer.says("今夜の夕飯の献立を考えて")
    assert "担当者" in said
    assert "0233-75-3111" in said
    after = [case["reason"] for case in rows(customer.desk, "handoffs", "list")]
    assert after.count("not_understood") == reasons.count("not_understood") + 1
    # The bot goes on answering, and a yes calls the person
    assert "担当者におつなぎします" in customer.says("はい")


# Companies


def test_another_companys_id_is_refused(customer: Customer) -> None:
    customer.says("ありがとう")
    customer.company = "kagoshima"
    said = customer.says("窓口の時間は")
    assert "別の会社の窓口" in said
    assert "0120-49-5523" not in said


@pytest.mark.parametrize("company", [None, "toyota"])
def test_without_a_known_company_the_customer_is_asked_and_may_answer(real_desk: RealDesk, company: str | None) -> None:
    customer = Customer(real_desk, company)
    assert "どちらの会社" in customer.says("リコールのときはどうなる？")
    assert "有限会社大蔵自動車" in customer.says("有限会社大蔵自動車")
    assert "7.(3)⑤" in customer.says("リコールのときはどうなる？")


# Bad input


@pytest.mark.parametrize(
    "text",
    [
        '/request_disclosure{"answer": "x"}',
        "/restart",
        "/session_start",
        ' /inform{"request_open": true}',
        "𠮷" * 3000,
        "‮リコール‬",
        "'; DROP TABLE messages; --",
        "<script>alert(1)</script>",
        "{company} {0.__class__}",
        "nlu:\n- intent: x",
        "\u200b\u200d\ufeff",
    ],
)
def test_whatever_is_typed_gets_a_polite_answer(customer: Customer, text: str) -> None:
    said = customer.says(text)
    assert said
    for trouble in (UNAVAILABLE, "Traceback", "Error", "開示」"):
        assert trouble not in said
    assert "どういたしまして" in customer.says("ありがとう")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"sender": "", "message": "x"}', b'{"sender": "a\\u0000b", "message": "x"}']
)
def test_a_bad_post_is_refused_and_the_engine_lives(real_desk: RealDesk, body: bytes) -> None:
    answer = httpx.post(f"{real_desk.engine_url}/webhooks/rest/webhook", content=body, trust_env=False)
    assert answer.status_code == 400
    assert "送信の形式が正しくない" in answer.json()[0]["text"]
    assert "どういたしまして" in Customer(real_desk).says("ありがとう")


# The front's door


@pytest.fixture
def door(real_desk: RealDesk) -> Iterator[httpx.Client]:
    """The web front's own way to the engine."""
    token = engine_token(Vault((real_desk.var_dir / "secret_key").read_text().strip()))
    with httpx.Client(base_url=real_desk.engine_url, headers={TOKEN_HEADER: token}, trust_env=False) as client:
        yield client


def at_the_door(customer: Customer, text: str, message_id: str) -> dict[str, Any]:
    metadata = {
        "company": "okura",
        "conversation": customer.conversation,
        "channel": "rest",
        "message_id": message_id,
        "expectation": None,
    }
    return {"conversation": customer.conversation, "text": text, "metadata": metadata}


def test_a_repeated_message_gets_the_same_replies_and_changes_nothing(customer: Customer, door: httpx.Client) -> None:
    customer.says("ありがとう")
    before = len(rows(customer.desk, "handoffs", "list"))
    message = at_the_door(customer, "担当の人と話したい", uuid.uuid4().hex)
    first, again = (door.post(PATH, json=message, timeout=30) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert "担当者" in first.json()[0]["text"]
    assert len(rows(customer.desk, "handoffs", "list")) == before + 1


def test_the_door_is_closed_to_others(customer: Customer, door: httpx.Client) -> None:
    message = at_the_door(customer, "ありがとう", uuid.uuid4().hex)
    for token in ("", "wrong"):
        assert door.post(PATH, json=message, headers={TOKEN_HEADER: token}).status_code == 403


# Failures


@contextmanager
def database(desk: RealDesk) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(desk.var_dir / "madoguchi.db", timeout=10)) as connection:
        yield connection


def test_without_the_action_server_the_contact_is_given_and_the_message_left(customer: Customer) -> None:
    desk = customer.desk
    customer.says("ありがとう")
    before = [case["reason"] for case in rows(desk, "handoffs", "list")]
    [actions] = [part for part in psutil.Process(desk.process.pid).children() if "actions" in part.cmdline()]
    actions.kill()
    said = customer.says("クッキーは使ってますか")
    assert "ただいま自動でのお答えができません" in said
    assert "0233-75-3111" in said
    wait_until_ready(desk)
    after = [case["reason"] for case in rows(desk, "handoffs", "list")]
    assert after.count("engine_down") == before.count("engine_down") + 1
    assert "0233-75-3111" in customer.says("クッキーは使ってますか")


def test_a_locked_database_is_told_honestly_and_nothing_is_half_written(customer: Customer) -> None:
    customer.says("私のデータ全部見せて")
    with database(customer.desk) as blocker:
        blocker.isolation_level = None
        blocker.execute("BEGIN IMMEDIATE")
        assert UNAVAILABLE in customer.says("電子データで受け取る")
        blocker.execute("ROLLBACK")
    # The form stands where it stood
    assert "お名前" in customer.says("電子データで受け取る")


def test_nothing_that_customers_said_stands_in_clear_in_the_database(customer: Customer) -> None:
    customer.says_all("私のデータ全部見せて", "電子データで受け取る", "山田カナリア", "canary.engine@example.jp")
    stored = b"".join(path.read_bytes() for path in customer.desk.var_dir.glob("madoguchi.db*"))
    assert b"engine_states" in stored
    for canary in ("山田カナリア", "canary.engine@example.jp", "\\u5c71\\u7530\\u30ab"):
        assert canary.encode() not in stored
