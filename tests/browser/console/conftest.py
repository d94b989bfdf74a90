"""A running desk with the console, and staff of each role who sign in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bot.bootstrap import Services, build_services
from bot.settings import load_settings
from tests.browser.conftest import DESKTOP, PATIENCE_MS, PHONE, TAGS, DeskProcess
from tests.browser.console.hall import Hall
from tests.ports import free_port
from tests.staff import PASSWORD

__all__ = ["DESKTOP", "PHONE"]

TABLET: dict[str, Any] = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
SIZES = {"phone": PHONE, "tablet": TABLET, "desktop": DESKTOP}

SignIn = Callable[..., Page]
CLERK = "clerk@okura.example.jp"
CLERK_2 = "clerk2@okura.example.jp"
MANAGER = "manager@okura.example.jp"
AUDITOR = "auditor@okura.example.jp"
ADMIN = "admin@okura.example.jp"


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    """The desk of all console tests: what a test does to it, others find."""
    process = DeskProcess(free_port(), tmp_path_factory.mktemp("console"), module="tests.browser.console.desk_server")
    process.start()
    yield process
    process.kill()


@pytest.fixture(scope="session")
def services(console: DeskProcess) -> Services:
    """The use cases over the running desk's database, for what a test needs to be there."""
    return services_of(console)


def services_of(desk: DeskProcess) -> Services:
    return build_services(load_settings(desk.environ()))


@pytest.fixture
def hall(services: Services) -> Iterator[Hall]:
    """Customers, all of whom leave at the end."""
    hall = Hall(services)
    yield hall
    hall.empties()


@pytest.fixture(params=SIZES)
def screen(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each size of screen that the console is used on."""
    return SIZES[request.param]


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser of its own; at the end none may have complained, as of a breach of the page's policy."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(size: dict[str, Any] = DESKTOP, **more: Any) -> Page:
        context = chromium.new_context(**size, locale="ja-JP", timezone_id="Asia/Tokyo", **more)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _matters(said) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sign_in(visitor: Callable[..., Page], console: DeskProcess) -> SignIn:
    """Sign somebody in, in a browser of their own: `sign_in(CLERK, size=PHONE)`."""

    def signed_in(email: str, size: dict[str, Any] = DESKTOP, **more: Any) -> Page:
        page = visitor(size, **more)
        login(page, console.url, email)
        return page

    return signed_in


def login(page: Page, address: str, email: str, password: str = PASSWORD) -> None:
    """Go through the form."""
    page.goto(f"{address}/staff/login")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログイン").click()
    page.wait_for_url(lambda url: "/staff/login" not in url)


def findings(page: Page, axe: str) -> list[dict[str, Any]]:
    """What axe-core finds in the page; open it with `bypass_csp=True`, since axe needs what a strict page forbids."""
    page.evaluate(axe)
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)
    return [{"id": v["id"], "nodes": [n["html"] for n in v["nodes"]]} for v in found["violations"]]


def overflows(page: Page) -> bool:
    """Whether the page is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def _matters(said: Any) -> bool:
    """A refused form is answered with 4xx, which the browser notes though nothing is wrong with the page."""
    refused = ("net::ERR", "Failed to load", "Response Status Error Code 409")
    return said.type in ("error", "warning") and not any(part in said.text for part in refused)
