"""The administration in a real browser."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from bot.bootstrap import Services
from bot.privacy.due_dates import jst_date
from tests.browser.console.conftest import ADMIN, AUDITOR, CLERK, MANAGER, SignIn, findings, overflows
from tests.browser.desk_process import DeskProcess
from tests.records import outbound, unanswered_question

PAGES = ("answers", "hours", "approval", "dead-letters", "policy", "unanswered", "audit")
LETTER = "letter-of-the-administration"


@pytest.fixture(scope="module", autouse=True)
def something_to_see(services: Services) -> None:
    now = services.clock.now()
    with services.store.transaction() as tx:
        tx.outbox.add(outbound(LETTER, recipient="hanako@example.jp", created_at=now))
        tx.outbox.mark_failed(LETTER, "550 5.1.1 user unknown", None)
        tx.unanswered.add(unanswered_question("question-of-the-administration", asked_at=now))
    services.canned_answers.add("okura", "営業時間", "平日の8時30分から17時30分までです。", "nobody")


def test_axe_finds_nothing_on_any_page(sign_in: SignIn, console: DeskProcess, axe: str, screen: dict[str, Any]) -> None:
    page = sign_in(ADMIN, screen, bypass_csp=True)
    for name in PAGES:
        page.goto(f"{console.url}/staff/okura/admin/{name}")
        assert findings(page, axe) == [], name
        assert not overflows(page), name


def test_a_manager_closes_a_day_and_opens_it_again(sign_in: SignIn, console: DeskProcess, services: Services) -> None:
    day = jst_date(services.clock.now()) + timedelta(days=200)
    page = sign_in(MANAGER)
    page.goto(f"{console.url}/staff/okura/admin/hours")
    page.get_by_label("日付").fill(day.isoformat())
    page.get_by_label("名前").fill("棚卸し")
    page.get_by_role("button", name="休業日に加える").click()
    row = page.get_by_role("row").filter(has_text="棚卸し")
    expect(row).to_be_visible()
    row.get_by_role("button", name="取り消す").click()
    expect(row).to_have_count(0)


def test_what_can_not_be_undone_asks_first(sign_in: SignIn, console: DeskProcess, services: Services) -> None:
    answer = services.canned_answers.add("okura", "消す文", "…", "nobody")
    page = sign_in(MANAGER)
    page.goto(f"{console.url}/staff/okura/admin/answers")
    card = page.get_by_role("listitem").filter(has_text="消す文")
    page.once("dialog", lambda dialog: dialog.dismiss())
    card.get_by_role("button", name="消す").click()
    assert answer in services.canned_answers.list("okura")
    page.once("dialog", lambda dialog: dialog.accept())
    card.get_by_role("button", name="消す").click()
    expect(card).to_have_count(0)


def test_an_address_is_seen_once_and_that_is_recorded(sign_in: SignIn, console: DeskProcess) -> None:
    page = sign_in(ADMIN)
    page.goto(f"{console.url}/staff/okura/admin/dead-letters")
    row = page.get_by_role("row").filter(has_text="550 5.1.1 user unknown")
    expect(row).not_to_contain_text("hanako")
    row.get_by_role("button", name="宛先を見る").click()
    expect(row).to_contain_text("hanako@example.jp")
    page.goto(f"{console.url}/staff/okura/admin/audit?what=personal.revealed")
    expect(page.get_by_role("row").filter(has_text="個人情報を表示しました").first).to_contain_text("伊藤")


def test_the_log_is_checked_and_saved(sign_in: SignIn, console: DeskProcess, tmp_path: Path) -> None:
    page = sign_in(AUDITOR)
    page.goto(f"{console.url}/staff/okura/admin/audit")
    page.get_by_role("button", name="記録が書きかえられていないか確かめる").click()
    expect(page.get_by_text("書きかえられたり、消されたりした記録はありません。")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="表計算ソフト用に保存（CSV）").click()
    waiting.value.save_as(tmp_path / "audit.csv")
    rows = list(csv.reader((tmp_path / "audit.csv").open(encoding="utf-8-sig")))
    assert rows[0][:4] == ["番号", "日時", "だれが", "したこと"]
    assert len(rows) > 5


def test_a_clerk_has_no_way_there(sign_in: SignIn, console: DeskProcess) -> None:
    page = sign_in(CLERK)
    page.goto(f"{console.url}/staff/okura/overview")
    expect(page.get_by_role("link", name="管理")).to_have_count(0)
    for name in PAGES:
        answer = page.goto(f"{console.url}/staff/okura/admin/{name}")
        assert answer is not None
        assert answer.status == 403, name
