"""Take the pictures of docs/images with a desk that is running: `python -m tests.browser.take_pictures [address]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bot.settings import ROOT
from tests.browser.conftest import ARGUMENTS, DESKTOP, PHONE, Visit
from tests.left_out import CHROMIUM

PICTURES = ROOT / "docs" / "images"


def main() -> None:
    """Talk to a company and take a picture at each turn that a page shows."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM.path(), args=ARGUMENTS)
        on_a_desk(browser, address)
        on_a_phone(browser, address)
        browser.close()


def on_a_desk(browser: Browser, address: str) -> None:
    """A question on the company's page."""
    visit = visitor(browser, DESKTOP, f"{address}/demo/okura")
    ask(visit, "リコールのときはどうなる？")
    take(visit.page, "widget-desktop")
    visit.page.context.close()


def on_a_phone(browser: Browser, address: str) -> None:
    """A request's way."""
    visit = visitor(browser, PHONE, f"{address}/demo/okura")
    take(visit.page, "widget-phone-greeting")
    ask(visit, "私のデータ全部見せて")
    take(visit.page, "widget-phone-disclosure")
    for answer in ("電子データで受け取る", "佐藤花子", "hanako.sato@example.jp"):
        ask(visit, answer)
    take(visit.page, "widget-phone-code")
    visit.page.context.close()


def visitor(browser: Browser, size: dict[str, Any], address: str) -> Visit:
    """Open the chat with a browser of its own."""
    context = browser.new_context(**size, locale="ja-JP", timezone_id="Asia/Tokyo")
    return Visit(context.new_page()).open(address)


def ask(visit: Visit, text: str) -> None:
    """Say something and wait for what comes back."""
    before = visit.bubbles("bot").count()
    visit.write(text)
    visit.bubbles("bot").nth(before).wait_for()
    visit.page.locator(".answering").wait_for(state="detached")


def take(page: Page, name: str) -> None:
    """Take the picture once everything has come to rest."""
    page.wait_for_timeout(900)
    page.screenshot(path=Path(PICTURES / f"{name}.png"), animations="disabled")


if __name__ == "__main__":
    main()
