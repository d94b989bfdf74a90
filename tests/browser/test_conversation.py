"""What a customer does in the chat, by clicking and typing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import DeskProcess, Visit


@pytest.fixture
def visit(sized_context: BrowserContext, desk: DeskProcess) -> Visit:
    return Visit(sized_context.new_page()).open(f"{desk.url}/page/plain?company=okura")


def test_the_greeting_says_what_the_desk_can_do(visit: Visit) -> None:
    expect(visit.bubbles("bot")).to_contain_text("有限会社大蔵自動車の個人情報窓口です。")
    assert visit.page.get_by_role("group", name="選べるお返事").get_by_role("button").count() >= 3
    assert visit.complaints == []


def test_a_clause_is_a_quotation_with_its_citation_and_the_policy_behind_it(visit: Visit) -> None:
    visit.write("リコールのときはどうなる？")
    clause = visit.page.locator("figure.quotation")
    expect(clause.locator("blockquote")).to_have_text(re.compile("^⑤ リコールが発生した場合"))
    expect(clause.locator("figcaption")).to_have_text("個人情報保護方針 7.(3)⑤")
    link = visit.page.get_by_role("link", name="方針の全文を見る")
    assert link.get_attribute("href") == "https://example.jp/privacy"
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_a_button_says_what_a_customer_would_type(visit: Visit) -> None:
    visit.write("もう案内を止めてほしい")
    visit.page.get_by_role("button", name="郵便").click()
    expect(visit.bubbles("customer").last).to_contain_text("郵便")
    expect(visit.page.get_by_role("group", name="選べるお返事")).to_have_count(0)


def test_the_wait_for_an_answer_is_shown(visit: Visit, own_desk: DeskProcess) -> None:
    visit.page.route("**/chat/messages", lambda route: None)
    visit.write("こんにちは")
    expect(visit.page.get_by_text("送信中")).to_be_attached()


def test_the_code_has_a_field_that_the_phone_fills_in(visit: Visit) -> None:
    visit.write("私のデータ全部見せて")
    field = visit.page.get_by_label("届いた8桁の確認コード")
    expect(field).to_be_focused()
    assert field.get_attribute("inputmode") == "numeric"
    assert field.get_attribute("autocomplete") == "one-time-code"
    field.fill("１２３４　５６７８")
    field.press("Enter")
    expect(visit.bubbles("customer").last).to_contain_text("１２３４　５６７８")
    expect(visit.page.get_by_label("ご質問・ご用件")).to_be_focused()


def test_who_has_no_code_can_still_write(visit: Visit) -> None:
    visit.write("私のデータ全部見せて")
    visit.page.get_by_role("button", name="確認コードではなく文章を書く").click()
    visit.write("番号が届きません")
    expect(visit.bubbles("customer").last).to_contain_text("番号が届きません")


def test_a_person_is_marked_as_one(visit: Visit, desk: DeskProcess) -> None:
    desk.say(visit.conversation, "佐藤です。お電話ください。0233-75-3111", body={"staff_name": "佐藤"})
    expect(visit.bubbles("staff")).to_contain_text("担当者 佐藤")
    assert visit.page.get_by_role("link", name="0233-75-3111").get_attribute("href") == "tel:0233753111"


def test_times_are_japanese(visit: Visit) -> None:
    visit.write("こんにちは")
    expect(visit.bubbles("customer").locator("time")).to_have_text(re.compile(r"^(午前|午後)\d{1,2}:\d\d$"))
    expect(visit.page.locator(".day")).to_have_text(re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日\([日月火水木金土]\)$"))


def test_a_long_clause_shows_its_beginning_until_asked_for(visit: Visit, desk: DeskProcess) -> None:
    long = "あ" * 1500
    desk.script(answers={"長い": {"text": long, "custom": {"parts": [{"kind": "quote", "text": long}]}}})
    visit.write("長い条文は？")
    words = visit.page.locator("blockquote")
    height = words.bounding_box()
    more = visit.page.get_by_role("button", name="全文を読む")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.click()
    whole = words.bounding_box()
    assert height
    assert whole
    assert whole["height"] > height["height"] * 1.5
    assert words.inner_text() == long


def test_a_text_beyond_the_limit_is_explained_not_sent(visit: Visit) -> None:
    visit.write("長" * 2001)
    expect(visit.page.get_by_role("alert")).to_contain_text("2000文字まで")
    expect(visit.bubbles("customer")).to_have_count(0)


class TestKeeping:
    def test_the_conversation_can_be_copied(self, visit: Visit, sized_context: BrowserContext) -> None:
        sized_context.grant_permissions(["clipboard-read", "clipboard-write"])
        self._talk(visit)
        visit.page.get_by_role("button", name="文章をコピーする").click()
        expect(visit.page.locator(".told")).to_have_text("コピーしました。")
        copied = visit.page.evaluate("navigator.clipboard.readText()")
        assert "有限会社大蔵自動車 個人情報の窓口" in copied
        assert "お客様" in copied
        assert "「こんにちは」ですね。" in copied

    def test_it_can_be_printed_alone(self, visit: Visit) -> None:
        visit.page.evaluate("window.print = () => { window.printed = true }")
        self._talk(visit)
        visit.page.get_by_role("button", name="印刷する").click()
        visit.page.wait_for_function("window.printed")
        visit.page.emulate_media(media="print")
        expect(visit.page.get_by_role("heading", name="見本のページ")).to_be_hidden()
        expect(visit.bubbles("customer")).to_be_visible()
        expect(visit.page.get_by_label("ご質問・ご用件")).to_be_hidden()
        visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(visit.page.get_by_role("heading", name="見本のページ")).to_be_visible()

    def test_it_can_be_mailed_by_the_customers_own_program(self, visit: Visit) -> None:
        self._talk(visit)
        # A click on a link to a mail program can't be followed in a test: its address is looked at instead.
        visit.page.evaluate("HTMLAnchorElement.prototype.click = function () { window.mailed = this.href }")
        visit.page.get_by_role("button", name="自分にメールで送る").click()
        address = visit.page.evaluate("decodeURIComponent(window.mailed)")
        assert address.startswith("mailto:?subject=有限会社大蔵自動車")

    def _talk(self, visit: Visit) -> None:
        visit.write("こんにちは")
        expect(visit.bubbles("bot").last).to_contain_text("「こんにちは」ですね。")
        visit.page.get_by_role("button", name="メニュー").click()


class TestLeaving:
    def test_erasing_asks_first_and_then_leaves_nothing(self, visit: Visit, desk: DeskProcess) -> None:
        visit.write("こんにちは")
        expect(visit.bubbles("bot")).to_have_count(2)
        conversation = visit.conversation
        visit.page.get_by_role("button", name="メニュー").click()
        visit.page.get_by_role("button", name="ご相談を消す").click()
        question = visit.page.get_by_role("alertdialog")
        expect(question).to_contain_text("元にはもどせません")
        expect(question.get_by_role("button", name="やめる")).to_be_focused()
        question.get_by_role("button", name="消す").click()
        expect(visit.page.get_by_text("このご相談は終了しました。").first).to_be_visible()
        assert desk.stored(conversation) == []
        assert kept(visit) == {}

    def test_a_new_conversation_can_be_begun(self, visit: Visit) -> None:
        visit.write("こんにちは")
        expect(visit.bubbles("bot")).to_have_count(2)
        before = visit.conversation
        visit.page.get_by_role("button", name="メニュー").click()
        visit.page.get_by_role("button", name="ご相談を終わる").click()
        visit.page.get_by_role("alertdialog").get_by_role("button", name="終わる").click()
        visit.page.get_by_role("button", name="新しく相談を始める").click()
        expect(visit.bubbles("bot")).to_have_count(1)
        expect(visit.bubbles("customer")).to_have_count(0)
        assert visit.conversation != before


def kept(visit: Visit) -> dict[str, Any]:
    """What the browser keeps of the conversation."""
    found: dict[str, Any] = visit.page.evaluate(
        "Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith('madoguchi')))"
    )
    return found


def test_a_long_answer_begins_in_view_and_says_that_there_is_more(visit: Visit, desk: DeskProcess) -> None:
    desk.script(answers={"いろいろ": {"text": "段落。\n\n" * 60}})
    # It scrolls at once then: nothing moves under the pointer.
    visit.page.emulate_media(reduced_motion="reduce")
    visit.write("いろいろ教えて")
    further = visit.page.get_by_role("button", name="続きを見る")
    expect(further).to_be_visible()
    expect(visit.bubbles("customer").locator(".said")).to_be_in_viewport(ratio=1)
    log, below = visit.page.get_by_role("log"), "(log) => log.scrollHeight - log.scrollTop - log.clientHeight"
    while (before := log.evaluate(below)) > 24:
        further.click()
        assert log.evaluate(below) < before
    expect(further).to_be_hidden()


def test_choices_after_a_long_talk_are_whole_on_the_screen(visit: Visit) -> None:
    for text in ("ひとつめ", "ふたつめ", "みっつめ"):
        visit.write(text)
        expect(visit.bubbles("bot").last).to_contain_text(text)
    visit.write("もう案内を止めてほしい")
    choice = visit.page.get_by_role("group", name="選べるお返事").get_by_role("button").last
    expect(choice).to_be_in_viewport(ratio=1)
