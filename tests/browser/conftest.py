"""A real Chromium, and a desk in a process of its own."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.settings import ROOT
from tests.browser.desk_process import DeskProcess
from tests.left_out import CHROMIUM
from tests.ports import free_port

__all__ = ["ROOT", "DeskProcess"]

PATIENCE_MS = 60_000
"""Other tests run beside these, and what comes about is not waited for any longer than that takes."""
expect.set_options(timeout=PATIENCE_MS)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}

WIDGET = ROOT / "bot" / "channels" / "web" / "widget"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.real)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM.path(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    process = DeskProcess(free_port(), tmp_path_factory.mktemp("desk"))
    process.start()
    yield process
    process.kill()


@pytest.fixture
def own_desk(tmp_path: Path) -> Iterator[DeskProcess]:
    """A desk for a test that kills it."""
    process = DeskProcess(free_port(), tmp_path)
    process.start()
    yield process
    process.kill()


@pytest.fixture(params=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> dict[str, Any]:
    return PHONE if request.param == "phone" else DESKTOP


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A customer's browser at a desk; what the page complains of fails the test."""
    context = chromium.new_context(**DESKTOP, locale="ja-JP", timezone_id="Asia/Tokyo")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def sized_context(chromium: Browser, size: dict[str, Any]) -> Iterator[BrowserContext]:
    context = chromium.new_context(**size, locale="ja-JP", timezone_id="Asia/Tokyo")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


class Visit:
    """A customer on a page with the widget."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning") and "net::ERR" not in message.text:
            self.complaints.append(message.text)

    def open(self, address: str) -> Visit:
        self.page.goto(address)
        self.page.get_by_role("button", name="個人情報のご相談").click()
        self.page.get_by_role("log").wait_for()
        return self

    def write(self, text: str) -> None:
        field = self.page.get_by_label("ご質問・ご用件")
        field.fill(text)
        field.press("Enter")

    def bubbles(self, author: str) -> Any:
        return self.page.locator(f".bubble.{author}")

    @property
    def conversation(self) -> str:
        kept = self.page.evaluate("Object.entries(localStorage).find(([key]) => key.endsWith(' session'))?.[1] ?? '{}'")
        return str(json.loads(kept).get("conversation", ""))


def comes_true(page: Page, condition: Callable[[], object], within_s: float = PATIENCE_MS / 1000) -> None:
    """Let the page go on until what no locator can wait for is so."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"it did not come about within {within_s} s"
        page.wait_for_timeout(50)


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, from the widget's own development packages."""
    package = WIDGET / "node_modules" / "axe-core" / "axe.min.js"
    if not package.exists():
        subprocess.run(["npm", "ci", "--silent"], cwd=WIDGET, check=True)
    return package.read_text(encoding="utf-8")


@pytest.fixture
def visit(context: BrowserContext, desk: DeskProcess) -> Visit:
    """A customer who has opened the chat of okura."""
    return Visit(context.new_page()).open(f"{desk.url}/page/plain?company=okura")
