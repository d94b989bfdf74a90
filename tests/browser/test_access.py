"""Whoever it is, with whatever device: WCAG 2.2 AA, keyboard, zoom, contrast, motion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import DESKTOP, TAGS, DeskProcess, Visit

pytestmark = pytest.mark.needs("node")


def findings(page: Page, axe: str) -> list[dict[str, Any]]:
    """What axe-core finds in the widget; the page around it is none of ours."""
    page.evaluate(axe)
    found = page.evaluate("(tags) => axe.run('madoguchi-chat', { runOnly: tags })", TAGS)
    return [{"id": v["id"], "nodes": [n["html"] for n in v["nodes"]]} for v in found["violations"]]


@pytest.fixture
def visit(sized_context: BrowserContext, desk: DeskProcess) -> Visit:
    # axe needs what a strict page forbids.
    return Visit(sized_context.new_page()).open(f"{desk.url}/page/no_csp?company=okura")


def test_the_launcher(visit: Visit, axe: str) -> None:
    visit.page.get_by_role("button", name="閉じる").click()
    assert findings(visit.page, axe) == []


def quotation(visit: Visit, desk: DeskProcess) -> None:
    visit.write("リコールのときはどうなる？")
    visit.page.locator("figure").wait_for()


def staff_and_choices(visit: Visit, desk: DeskProcess) -> None:
    visit.write("もう案内を止めてほしい")
    visit.page.get_by_role("button", name="郵便").wait_for()
    desk.say(visit.conversation, "佐藤です。0233-75-3111", body={"staff_name": "佐藤"})
    visit.bubbles("staff").wait_for()


def code(visit: Visit, desk: DeskProcess) -> None:
    visit.write("私のデータ全部見せて")
    visit.page.get_by_label("届いた8桁の確認コード").wait_for()


def not_sent(visit: Visit, desk: DeskProcess) -> None:
    visit.page.route("**/chat/messages", lambda route: route.abort())
    visit.write("こんにちは")
    visit.page.get_by_text("送信できていません").wait_for()


def menu(visit: Visit, desk: DeskProcess) -> None:
    visit.page.get_by_role("button", name="メニュー").click()


def question(visit: Visit, desk: DeskProcess) -> None:
    menu(visit, desk)
    visit.page.get_by_role("button", name="ご相談を消す").click()


def over(visit: Visit, desk: DeskProcess) -> None:
    question(visit, desk)
    visit.page.get_by_role("alertdialog").get_by_role("button", name="消す").click()
    visit.page.get_by_role("button", name="新しく相談を始める").wait_for()


def offline(visit: Visit, desk: DeskProcess) -> None:
    visit.page.context.set_offline(True)
    visit.page.get_by_text("インターネットにつながっていません").wait_for()
    visit.page.context.set_offline(False)


STATES: list[Callable[[Visit, DeskProcess], None]] = [
    quotation, staff_and_choices, code, not_sent, menu, question, over, offline,
]  # fmt: skip


@pytest.mark.parametrize("reach", STATES, ids=lambda reach: reach.__name__)
class TestEveryState:
    def test_axe_finds_nothing(self, visit: Visit, desk: DeskProcess, axe: str, reach: Callable[..., None]) -> None:
        reach(visit, desk)
        assert findings(visit.page, axe) == []

    def test_every_target_is_large_enough(self, visit: Visit, desk: DeskProcess, reach: Callable[..., None]) -> None:
        reach(visit, desk)
        small = visit.page.evaluate(
            """() => [...document.querySelector("madoguchi-chat").shadowRoot.querySelectorAll("button,input,textarea")]
                 .filter((e) => e.checkVisibility())
                 .map((e) => [e.textContent, e.getBoundingClientRect()])
                 .filter(([, box]) => box.width < 44 || box.height < 44)
                 .map(([text]) => text)"""
        )
        assert small == []


def test_axe_looks_into_the_widget(visit: Visit, axe: str) -> None:
    visit.page.evaluate(
        """() => {
          const root = document.querySelector("madoguchi-chat").shadowRoot;
          root.querySelector(".who").style.color = "#ddd";
          root.querySelector(".bar").replaceChildren();
        }"""
    )
    assert {finding["id"] for finding in findings(visit.page, axe)} == {"color-contrast", "button-name"}


class TestKeyboard:
    def test_escape_closes_and_the_focus_returns(self, visit: Visit) -> None:
        page = visit.page
        expect(page.get_by_role("heading", name="個人情報の窓口")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        launcher = page.get_by_role("button", name="個人情報のご相談")
        expect(launcher).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()

    def test_escape_closes_the_menu_before_the_chat(self, visit: Visit) -> None:
        page = visit.page
        page.get_by_role("button", name="メニュー").click()
        expect(page.get_by_role("button", name="標準")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="標準")).to_have_count(0)
        expect(page.get_by_role("button", name="メニュー")).to_be_focused()

    def test_the_order_is_the_order_on_the_screen(self, visit: Visit) -> None:
        seen = []
        for _ in range(4):
            visit.page.keyboard.press("Tab")
            seen.append(focused(visit.page))
        assert seen == ["メニュー", "閉じる", "ご相談の内容", "個人情報を何に使っていますか"]

    def test_a_chosen_answer_keeps_the_focus_in_the_chat(self, visit: Visit) -> None:
        visit.page.get_by_role("button", name="担当者と話したい").press("Enter")
        expect(visit.bubbles("customer")).to_have_count(1)
        assert focused(visit.page) == "ご相談の内容"

    def test_tab_stays_within_what_covers_the_page(self, visit: Visit) -> None:
        phone = visit.page.viewport_size["width"] < 540  # type: ignore[index]
        names = set()
        for _ in range(14):
            visit.page.keyboard.press("Tab")
            names.add(focused(visit.page))
        assert ("閉じる" in names) or not phone
        assert ("" not in names) or not phone


def focused(page: Page) -> str:
    """What the focus is on, by its name; nothing when it left the widget."""
    name: str = page.evaluate(
        """() => {
          const element = document.querySelector("madoguchi-chat").shadowRoot.activeElement;
          return element ? element.getAttribute("aria-label") || element.textContent || element.id : "";
        }"""
    )
    return name


# It is off for half a second: too short to be looked for from outside.
NOTE_HOW_LIVE = """
window.howLive = [];
const setAttribute = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (name, value) {
  if (name === "aria-live") howLive.push([this, value]);
  return setAttribute.call(this, name, value);
};
"""


class TestReadingAloud:
    def test_only_what_comes_new_is_announced(self, visit: Visit) -> None:
        log = visit.page.get_by_role("log", name="ご相談の内容")
        expect(log).to_have_attribute("aria-live", "polite")
        visit.write("こんにちは")
        expect(visit.bubbles("bot")).to_have_count(2)
        visit.page.add_init_script(NOTE_HOW_LIVE)
        visit.page.reload()
        expect(visit.bubbles("bot")).to_have_count(2)
        expect(log).to_have_attribute("aria-live", "polite")
        assert visit.page.evaluate("howLive.map(([one, value]) => one.role === 'log' && value)") == ["off", "polite"]

    def test_every_message_says_who_wrote_it(self, visit: Visit, desk: DeskProcess) -> None:
        staff_and_choices(visit, desk)
        for author, name in (("customer", "お客様"), ("bot", "自動応答"), ("staff", "担当者 佐藤")):
            expect(visit.bubbles(author).last).to_contain_text(name)


class TestSight:
    @pytest.mark.parametrize("zoom", [2, 4])
    def test_zoomed_in_nothing_is_cut_off(self, chromium: Browser, desk: DeskProcess, zoom: int) -> None:
        width, height = DESKTOP["viewport"]["width"] // zoom, DESKTOP["viewport"]["height"] // zoom
        context = chromium.new_context(viewport={"width": width, "height": height}, device_scale_factor=zoom)
        visit = Visit(context.new_page()).open(f"{desk.url}/page/plain?company=okura")
        assert sideways(visit.page) == []
        for name in ("メニュー", "閉じる", "送信"):
            expect(visit.page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
        context.close()

    def test_the_customer_may_choose_larger_letters(self, visit: Visit) -> None:
        before = letters(visit.page)
        visit.page.get_by_role("button", name="メニュー").click()
        visit.page.get_by_role("button", name="特大").click()
        visit.page.get_by_role("button", name="もどる").click()
        assert letters(visit.page) > before * 1.35
        assert sideways(visit.page) == []
        visit.page.reload()
        visit.page.get_by_role("log").wait_for()
        assert letters(visit.page) > before * 1.35

    def test_letters_are_large_from_the_start(self, visit: Visit) -> None:
        assert letters(visit.page) >= 16

    def test_less_motion_means_none(self, visit: Visit, own_desk: DeskProcess) -> None:
        visit.page.emulate_media(reduced_motion="reduce")
        visit.page.route("**/chat/events", lambda route: None)
        visit.page.reload()
        visit.page.get_by_role("log").wait_for()
        visit.write("こんにちは")
        dot = visit.page.locator(".dots i").first
        expect(dot).to_have_css("animation-name", "none")

    def test_forced_colours_keep_every_outline(self, visit: Visit) -> None:
        visit.page.emulate_media(forced_colors="active")
        visit.write("こんにちは")
        expect(visit.bubbles("customer").locator(".said")).to_have_css("border-top-width", "2px")


def letters(page: Page) -> float:
    size: float = page.evaluate(
        """() => parseFloat(getComputedStyle(
             document.querySelector("madoguchi-chat").shadowRoot.querySelector(".text")).fontSize)"""
    )
    return size


def sideways(page: Page) -> list[str]:
    """What would have to be scrolled sideways."""
    wide: list[str] = page.evaluate(
        """() => [document.documentElement,
                  ...document.querySelector("madoguchi-chat").shadowRoot.querySelectorAll(".panel *")]
             .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible"
                            && !e.closest(".company, .sr"))
             .map((e) => e.className)"""
    )
    return wide
