"""The overview, its charts and its spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.bootstrap import build_services
from bot.console.overview_charts import CHARTS
from bot.services.ports.statistics import Counted
from bot.services.staff.roles import Role
from bot.services.statistics import BEGUN, COVERED, NOT_COVERED
from bot.settings import Settings
from tests.conftest import SECRET, FixedClock
from tests.unit.console.request_desk import RequestDesk

TODAY = date(2026, 6, 2)


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[RequestDesk]:
    services = build_services(Settings(var_dir=tmp_path, secret_key=SECRET, database_url=sqlite_url), clock)
    yield RequestDesk(services)
    services.store.close()


def count(desk: RequestDesk, *things: Counted, store: str | None = None) -> None:
    with desk.services.store.transaction() as tx:
        tx.statistics.count("okura", store, TODAY, things)


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_an_empty_desk_is_shown_without_faults(desk: RequestDesk) -> None:
    page = desk.sign_in("s1").get("/overview")
    assert page.status_code == 200
    assert "この期間の質問はありません。" in page.text


def test_the_page_has_every_figure_as_a_table_too(desk: RequestDesk) -> None:
    count(desk, BEGUN, BEGUN, COVERED, NOT_COVERED, Counted("topic", "cookies"), Counted("handoff", "asked"))
    desk.opened()
    page = desk.sign_in("s1", Role.AUDITOR).get("/overview").text
    assert "50<span" in page
    assert "クッキー" in page
    assert "方針に書いてなかった" in page
    assert '<th scope="row">開示</th><td class="number">1</td>' in page


def test_a_topic_that_left_the_table_is_still_counted(desk: RequestDesk) -> None:
    count(desk, Counted("topic", "long_gone"))
    assert "long_gone" in desk.sign_in("s1").get("/overview").text


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("size", ["", "&narrow=1"])
def test_a_chart_is_svg_without_a_script_under_a_policy_of_its_own(desk: RequestDesk, chart: str, size: str) -> None:
    count(desk, BEGUN, COVERED, NOT_COVERED, Counted("topic", "cookies"))
    desk.opened()
    answer = desk.sign_in("s1").get(f"/overview/{chart}.svg?from=2026-05-01{size}")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src")
    names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(answer.content).iter()}
    assert "rect" in names
    assert not names & {"script", "foreignObject", "image", "a"}
    assert not [word for word in (b"href", b"url(", b"@import") if word in answer.content]


def test_a_chart_shows_what_its_page_was_made_of_and_the_page_what_is_new(desk: RequestDesk) -> None:
    browser = desk.sign_in("s1")
    count(desk, Counted("topic", "cookies"))
    browser.get("/overview?from=2026-06-01")
    count(desk, Counted("topic", "purposes"))
    assert "個人情報の利用目的" not in browser.get("/overview/topics.svg?from=2026-06-01").text
    assert "個人情報の利用目的" in browser.get("/overview?from=2026-06-01").text
    assert "個人情報の利用目的" in browser.get("/overview/topics.svg?from=2026-06-01").text


def test_what_was_kept_for_one_store_is_not_shown_to_another(desk: RequestDesk) -> None:
    count(desk, Counted("topic", "cookies"), store="shinjo")
    assert "クッキー" in desk.sign_in("s1").get("/overview").text
    assert "クッキー" not in desk.sign_in("s2", store="sakata").get("/overview/topics.svg").text


def test_there_are_no_other_charts(desk: RequestDesk) -> None:
    assert desk.sign_in("s1").get("/overview/secrets.svg").status_code == 404


def test_the_spreadsheet_has_the_same_figures(desk: RequestDesk) -> None:
    count(desk, BEGUN, COVERED, COVERED, Counted("topic", "purposes"))
    desk.opened()
    answer = desk.sign_in("s1").get("/overview.csv?from=2026-06-01")
    assert answer.headers["content-disposition"] == 'attachment; filename="overview-okura-2026-06-02.csv"'
    assert answer.text.startswith("\ufeff")
    rows = table(answer.text)
    assert rows[0] == ["区分", "項目", "週のはじめ", "件数"]
    assert ["いまの状況", "受付中のお申し出", "", "1"] in rows
    assert ["週ごと", "質問", "2026-06-01", "2"] in rows
    assert ["聞かれたこと", "個人情報の利用目的", "2026-06-01", "1"] in rows
    assert ["お申し出", "開示 受付中", "", "1"] in rows


def test_no_cell_of_the_spreadsheet_is_a_formula(desk: RequestDesk) -> None:
    count(desk, Counted("topic", '=HYPERLINK("http://evil")'))
    rows = table(desk.sign_in("s1").get("/overview.csv").text)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)


@pytest.mark.parametrize("query", ["from=x&to=y", "from=0001-01-01", "to=9999-12-31", "from=2026-06-02&to=2026-05-01"])
def test_a_period_that_makes_no_sense_is_mended(desk: RequestDesk, query: str) -> None:
    assert desk.sign_in("s1").get(f"/overview?{query}").status_code == 200


def test_who_works_for_a_store_sees_its_figures_and_what_belongs_to_none(desk: RequestDesk) -> None:
    count(desk, Counted("topic", "cookies"), store="shinjo")
    count(desk, Counted("topic", "purposes"))
    count(desk, Counted("topic", "safety"), store="sakata")
    page = desk.sign_in("s1", store="shinjo").get("/overview?store=sakata").text
    assert "クッキー" in page
    assert "利用目的" in page
    assert "個人情報の安全管理" not in page
