"""Strings that would be code somewhere, through every path that leads to the screen: none does anything."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import ROOT, DeskProcess, Visit
from tests.ports import free_port

MARK = "window.hit=1"
CODE = [MARK, f"parent.{MARK}", f"top[`{MARK}`]", "alert(1)", f"eval(`{MARK}`)"]
SHAPES = [
    "<script>{0}</script>",
    "<img src=x onerror={0}>",
    "<svg onload={0}>",
    "<svg><script>{0}</script></svg>",
    '"><script>{0}</script>',
    "'\"--></style></script><script>{0}</script>",
    '<iframe srcdoc="<script>parent.{0}</script>">',
    '<a href="javascript:{0}">開く</a>',
    "javascript:{0}",
    "JaVaScRiPt:{0}",
    "java\tscript:{0}",
    "\x01javascript:{0}",
    "data:text/html,<script>{0}</script>",
    "vbscript:{0}",
    "<details open ontoggle={0}>",
    '<math><mi//xlink:href="data:x,<script>{0}</script>">',
    "<style>@import 'javascript:{0}'</style>",
    "${{{0}}}{{{{constructor.constructor('{0}')()}}}}",
    "<template><img src onerror={0}></template>",
    "[開く](javascript:{0})",
    'https://example.jp/"onmouseover="{0}',
    "</madoguchi-chat><script>{0}</script>",
]
STRINGS = [shape.format(code) for shape, code in itertools.product(SHAPES, CODE)]
assert len(STRINGS) >= 100

SAFE = {"http:", "https:", "tel:", "mailto:"}


def unharmed(page: Page) -> None:
    """Nothing ran, nothing was added, no link leads where a link mustn't."""
    page.wait_for_timeout(150)
    assert page.evaluate("window.hit") is None
    root = "document.querySelector('madoguchi-chat').shadowRoot"
    assert page.evaluate(f"{root}.querySelectorAll('script,img,iframe,style,object,embed,math,template').length") == 0
    protocols = page.evaluate(f"[...{root}.querySelectorAll('a')].map((a) => a.protocol)")
    assert set(protocols) <= SAFE
    handlers = page.evaluate(
        f"[...{root}.querySelectorAll('*')].flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith('on'))"
    )
    assert handlers == []


@pytest.fixture
def open_visit(context: BrowserContext, desk: DeskProcess) -> Visit:
    """On a page without any policy, so that only the widget itself stands between the string and the page."""
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    return Visit(page).open(f"{desk.url}/page/no_csp?company=okura")


def test_from_the_customer(open_visit: Visit) -> None:
    for string in STRINGS:
        open_visit.write(string)
    expect(open_visit.bubbles("bot")).to_have_count(len(STRINGS) + 1, timeout=60_000)
    unharmed(open_visit.page)
    open_visit.page.reload()
    expect(open_visit.bubbles("bot")).to_have_count(len(STRINGS) + 1)
    unharmed(open_visit.page)


def test_from_staff_and_by_their_names(open_visit: Visit, desk: DeskProcess) -> None:
    for string in STRINGS:
        desk.say(open_visit.conversation, string, body={"staff_name": string})
    expect(open_visit.bubbles("staff")).to_have_count(len(STRINGS), timeout=30_000)
    unharmed(open_visit.page)


def test_from_the_policy_and_the_answers_parts(open_visit: Visit, desk: DeskProcess) -> None:
    kinds = ("lead", "heading", "quote", "citation", "reference", "contact", "link")
    for string in STRINGS:
        body: dict[str, Any] = {
            "parts": [{"kind": kind, "text": string} for kind in kinds],
            "policy_url": string,
            "buttons": [{"title": string, "payload": string}],
        }
        desk.say(open_visit.conversation, string, author="bot", body=body)
    expect(open_visit.page.locator("figure")).to_have_count(2 * len(STRINGS), timeout=60_000)
    unharmed(open_visit.page)


def test_from_the_websites_own_attributes(context: BrowserContext, desk: DeskProcess) -> None:
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    page.goto(f"{desk.url}/page/no_csp?company=okura")
    page.get_by_role("button", name="個人情報のご相談").click()
    page.get_by_role("log").wait_for()
    for string in STRINGS:
        for name in ("label", "greeting", "color", "lang", "position"):
            page.locator("madoguchi-chat").evaluate("(c, [n, v]) => c.setAttribute(n, v)", [name, string])
    unharmed(page)


def test_from_the_companys_name(context: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    companies = tmp_path / "companies"
    names = {f"c{index}": string for index, string in enumerate(STRINGS) if "\x01" not in string}
    for company, name in names.items():
        folder = companies / company
        folder.mkdir(parents=True)
        shutil.copy(ROOT / "data/policies/okura/policy.md", folder)
        content = {"name": name, "policy_url": name, "contact": {"phone": name}}
        (folder / "company.yml").write_text(yaml.safe_dump(content, allow_unicode=True))
    monkeypatch.setenv("COMPANY_DIR", str(companies))
    desk = DeskProcess(free_port(), tmp_path)
    desk.start()
    try:
        for company in list(names)[::5]:
            visit = Visit(context.new_page()).open(f"{desk.url}/page/no_csp?company={company}")
            unharmed(visit.page)
            visit.page.goto(f"{desk.url}/demo/{company}")
            assert visit.page.evaluate("window.hit") is None
            visit.page.close()
        page = context.new_page()
        page.goto(f"{desk.url}/")
        assert page.evaluate("window.hit") is None
        assert page.evaluate("document.querySelectorAll('script,img,iframe').length") == 0
    finally:
        desk.kill()


def test_the_strings_do_run_where_nothing_stops_them(context: BrowserContext, desk: DeskProcess) -> None:
    page = context.new_page()
    page.goto(f"{desk.url}/page/no_csp?company=okura")
    page.evaluate("(html) => { document.body.innerHTML = html }", SHAPES[1].format(MARK))
    page.wait_for_function("window.hit")
