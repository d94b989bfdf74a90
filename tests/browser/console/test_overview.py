"""The overview in a real browser: its charts are drawn under the page's own policy."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from bot.bootstrap import Services
from bot.privacy.due_dates import jst_date
from bot.services.ports.statistics import Counted
from bot.services.statistics import BEGUN, COVERED, NOT_COVERED
from tests.browser.console.conftest import AUDITOR, CLERK, SignIn, findings, overflows
from tests.browser.desk_process import DeskProcess

FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture(scope="module", autouse=True)
def asked(services: Services) -> None:
    """Some weeks of questions."""
    today = jst_date(services.clock.now())
    with services.store.transaction() as tx:
        for week in range(6):
            things = [
                BEGUN,
                BEGUN,
                COVERED,
                COVERED,
                NOT_COVERED,
                Counted("topic", "cookies"),
                Counted("topic", FORMULA),
            ]
            tx.statistics.count("okura", None, today - timedelta(weeks=week), things)


def charts(page: Page) -> list[dict[str, Any]]:
    """What became of each chart: its own size is that of the drawing, and nothing if it couldn't be drawn."""
    page.wait_for_function("[...document.querySelectorAll('img.chart')].every(image => image.complete)")
    found: list[dict[str, Any]] = page.eval_on_selector_all(
        "img.chart", "images => images.map(i => ({ drawn: i.naturalWidth, narrow: i.currentSrc.includes('narrow') }))"
    )
    return found


def test_the_charts_are_drawn_at_every_size(sign_in: SignIn, console: DeskProcess, screen: dict[str, Any]) -> None:
    page = sign_in(CLERK, screen)
    page.goto(f"{console.url}/staff/okura/overview")
    shown = charts(page)
    assert len(shown) == 4
    assert all(chart["drawn"] > 0 for chart in shown)
    assert {chart["narrow"] for chart in shown} == {screen["viewport"]["width"] <= 900}
    assert not overflows(page)


def test_the_charts_have_their_colours_under_the_policy(sign_in: SignIn, console: DeskProcess) -> None:
    page = sign_in(CLERK)
    page.goto(f"{console.url}/staff/okura/overview")
    charts(page)
    assert page.evaluate(_HAS_ACCENT)


def test_axe_finds_nothing(sign_in: SignIn, console: DeskProcess, axe: str, screen: dict[str, Any]) -> None:
    page = sign_in(AUDITOR, screen, bypass_csp=True)
    page.goto(f"{console.url}/staff/okura/overview")
    for summary in page.locator("main summary").all():
        summary.click()
    assert findings(page, axe) == []
    assert not overflows(page)


def test_the_figures_are_saved_without_a_formula(sign_in: SignIn, console: DeskProcess, tmp_path: Path) -> None:
    page = sign_in(CLERK)
    page.goto(f"{console.url}/staff/okura/overview")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="表計算ソフト用に保存（CSV）").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.suffix == ".csv"
    cells = [cell for row in csv.reader(file.open(encoding="utf-8-sig")) for cell in row]
    assert f"'{FORMULA}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_period_is_chosen_and_stays(sign_in: SignIn, console: DeskProcess) -> None:
    page = sign_in(CLERK)
    page.goto(f"{console.url}/staff/okura/overview")
    page.get_by_label("いつから").fill("2026-01-05")
    page.get_by_label("いつまで").fill("2026-01-11")
    page.get_by_role("button", name="表示").click()
    page.get_by_role("heading", name="2026年1月5日(月)から2026年1月11日(日)まで").wait_for()
    assert "from=2026-01-05" in str(page.locator("img.chart").first.get_attribute("src"))


_HAS_ACCENT = """async () => {
  const image = document.querySelector('img.chart');
  const canvas = document.createElement('canvas');
  canvas.width = 1120; canvas.height = 360;
  const pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0, 1120, 360);
  const dots = pen.getImageData(0, 0, 1120, 360).data;
  for (let i = 0; i < dots.length; i += 4) {
    if (dots[i] === 20 && dots[i + 1] === 80 && dots[i + 2] === 122) return true;
  }
  return false;
}"""
"""Whether the accent colour #14507a is anywhere in the first chart: without its style all would be black."""
