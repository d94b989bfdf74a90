"""The whole way, by clicking and typing: the widget, the desk, Rasa, the database, the outbox."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Visit
from tests.real_desk import RealDesk

ANSWER_MS = 20_000


def open_chat(context: BrowserContext, desk: RealDesk, company: str) -> Visit:
    visit = Visit(context.new_page()).open(f"{desk.web_url}/demo/{company}")
    visit.complaints.clear()
    return visit


def ask(visit: Visit, text: str) -> str:
    """Type a message; give all that the desk says to it."""
    before = visit.page.locator(".bubble").count()
    visit.write(text)
    return answer_after(visit, before + 1)


def press(visit: Visit, name: str) -> str:
    before = visit.page.locator(".bubble").count()
    visit.page.get_by_role("button", name=name, exact=True).click()
    return answer_after(visit, before + 1)


def answer_after(visit: Visit, count: int) -> str:
    bubbles = visit.page.locator(".bubble")
    expect(bubbles.nth(count)).to_be_visible(timeout=ANSWER_MS)
    expect(visit.page.locator(".answering")).to_have_count(0, timeout=ANSWER_MS)
    return "\n".join(bubbles.nth(index).inner_text() for index in range(count, bubbles.count()))


EXAMPLES = [
    ("okura", "うちの車の情報ってどこの会社に渡ってるの？", ["①全日本ロータス同友会", "②株式会社ブロードリーフ"]),
    ("okura", "リコールのときはどうなる？", ["⑤ リコールが発生した場合、当社のお客様のうち", "7.(3)⑤"]),
    ("okura", "クッキーは使ってますか", ["記載がありません", "0233-75-3111"]),
    ("okura", "もうハガキ送ってこないで", ["案内の停止"]),
    ("okura", "私のデータ全部見せて", ["開示"]),
    ("kagoshima", "クッキー切ったらサイト見れなくなる？", ["お客様がCookieの受け取りを拒否された場合も"]),
    ("kagoshima", "保険会社とも関係あるんですか", ["損害保険会社との保険代理店契約に基づく、受託業務の履行のため"]),
    ("kagoshima", "日産本社にも情報いくの？", ["日産自動車ならびに日産自動車の子会社および関連会社"]),
    ("kagoshima", "管理責任者は？", ["管理責任者", "当社"]),
    ("kagoshima", "窓口の時間は", ["10:00～17:00", "0120-49-5523"]),
]  # fmt: skip


@pytest.mark.parametrize(("company", "question", "words"), EXAMPLES, ids=[question for _, question, _ in EXAMPLES])
def test_the_examples(
    sized_context: BrowserContext, real_desk: RealDesk, company: str, question: str, words: list[str]
) -> None:
    visit = open_chat(sized_context, real_desk, company)
    told = ask(visit, question)
    for word in words:
        assert word in told
    assert visit.complaints == []


@pytest.mark.parametrize("company", ["okura", "kagoshima"])
def test_small_talk_and_a_person(context: BrowserContext, real_desk: RealDesk, company: str) -> None:
    visit = open_chat(context, real_desk, company)
    ask(visit, "今日の天気は")
    ask(visit, "ありがとう")
    assert "担当者" in ask(visit, "担当の人と話したい")


def test_a_disclosure_with_the_code_from_the_outbox(sized_context: BrowserContext, real_desk: RealDesk) -> None:
    visit = open_chat(sized_context, real_desk, "okura")
    sent = len(real_desk.sent())
    assert "開示" in press(visit, "自分のデータを見たい")
    press(visit, "すべて")
    press(visit, "電子データで受け取る")
    ask(visit, "佐藤花子")
    ask(visit, "hanako.sato@example.jp")
    field = visit.page.get_by_label("届いた8桁の確認コード")
    expect(field).to_be_visible()
    before = visit.page.locator(".bubble").count()
    field.fill(real_desk.last_code(sent))
    field.press("Enter")
    answer_after(visit, before + 1)
    assert "次の内容で受け付けます" in ask(visit, "山形 500 あ 12-34")
    told = press(visit, "送信する")
    found = re.search(r"受付番号\D*?([A-Za-z0-9-]{6,})", told)
    assert found, told
    rows = json.loads(real_desk.command("requests", "list", "--company", "okura", "--json").stdout)
    (request,) = [row for row in rows if row["receipt"] == found[1]]
    assert (request["type"], request["verified"], request["channel"]) == ("disclosure", True, "web")
