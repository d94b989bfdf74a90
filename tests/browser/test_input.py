"""Japanese input: Enter that ends a conversion never sends."""

from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.conftest import Visit

FIELD = "ご質問・ご用件"


@pytest.fixture
def ime(visit: Visit) -> CDPSession:
    """The browser's own composition, as an input method drives it."""
    visit.page.get_by_label(FIELD).focus()
    return visit.page.context.new_cdp_session(visit.page)


def compose(ime: CDPSession, text: str) -> None:
    ime.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def enter(ime: CDPSession, code: int) -> None:
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code}
    ime.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    ime.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})


def test_enter_during_conversion_never_sends(visit: Visit, ime: CDPSession) -> None:
    compose(ime, "かいじ")
    enter(ime, 13)
    compose(ime, "開示")
    enter(ime, 229)
    expect(visit.bubbles("customer")).to_have_count(0)
    ime.send("Input.insertText", {"text": "開示"})
    expect(visit.page.get_by_label(FIELD)).to_have_value("開示")
    enter(ime, 13)
    expect(visit.bubbles("customer")).to_contain_text(["開示"])


def test_nor_the_enter_that_safari_reports_after_the_conversion(visit: Visit) -> None:
    field = visit.page.get_by_label(FIELD)
    field.fill("開示してほしい")
    field.evaluate(
        """(field) => field.dispatchEvent(new KeyboardEvent("keydown",
             { key: "Enter", keyCode: 229, isComposing: false, bubbles: true, cancelable: true }))"""
    )
    expect(field).to_have_value("開示してほしい")
    expect(visit.bubbles("customer")).to_have_count(0)


def test_escape_during_conversion_leaves_the_chat_open(visit: Visit, ime: CDPSession) -> None:
    compose(ime, "かいじ")
    visit.page.get_by_label(FIELD).evaluate(
        """(field) => field.dispatchEvent(new KeyboardEvent("keydown",
             { key: "Escape", isComposing: true, bubbles: true, composed: true }))"""
    )
    expect(visit.page.get_by_role("dialog")).to_be_visible()


def test_shift_and_enter_begin_a_new_line(visit: Visit) -> None:
    field = visit.page.get_by_label(FIELD)
    field.fill("一行目")
    field.press("Shift+Enter")
    field.press_sequentially("二行目")
    expect(field).to_have_value("一行目\n二行目")
    field.press("Enter")
    expect(visit.bubbles("customer").locator(".text")).to_have_text("一行目\n二行目", use_inner_text=True)


@pytest.mark.parametrize("text", ["", "   ", "　", "\n"])
def test_nothing_is_not_sent(visit: Visit, text: str) -> None:
    visit.page.get_by_label(FIELD).fill(text)
    expect(visit.page.get_by_role("button", name="送信")).to_be_disabled()
    visit.page.get_by_label(FIELD).press("Enter")
    expect(visit.bubbles("customer")).to_have_count(0)
