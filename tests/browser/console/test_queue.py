"""The queue with real browsers: two clerks and a customer at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.privacy.handoff import HandoffReason
from bot.services.records import Handoff
from tests.browser.conftest import comes_true
from tests.browser.console.conftest import AUDITOR, CLERK, CLERK_2, DESKTOP, SignIn, findings, overflows
from tests.browser.console.hall import Hall
from tests.browser.desk_process import DeskProcess


@pytest.fixture
def queue_of(sign_in: SignIn, console: DeskProcess) -> Callable[..., Page]:
    def opened(email: str, size: dict[str, Any] = DESKTOP, query: str = "", **more: Any) -> Page:
        page = sign_in(email, size=size, **more)
        page.goto(f"{console.url}/staff/okura/queue{query}")
        return page

    return opened


def row(page: Page, case: Handoff) -> Locator:
    return page.locator(f"#row-{case.id}")


def test_a_new_case_appears_by_itself_and_is_counted_in_the_title(queue_of: Callable[..., Page], hall: Hall) -> None:
    page = queue_of(CLERK)
    expect(page).to_have_title("受付一覧｜有限会社大蔵自動車 窓口")
    case = hall.comes()
    expect(row(page, case)).to_contain_text("担当者と話したい")
    expect(page).to_have_title("(1) 受付一覧｜有限会社大蔵自動車 窓口")
    leak = hall.comes(HandoffReason.LEAK)
    expect(page.locator(".queue > li").first).to_have_id(f"row-{leak.id}")
    expect(page.locator(".queue > li").first).to_contain_text("最優先")


def test_of_two_clerks_one_has_the_case_and_the_other_sees_who(queue_of: Callable[..., Page], hall: Hall) -> None:
    case = hall.comes()
    first, second = queue_of(CLERK), queue_of(CLERK_2)
    expect(row(second, case).get_by_role("button", name="担当する")).to_be_visible()
    # The second one's page doesn't hear of the first's claim before its own button is pressed.
    second.context.route("**/queue/rows*", lambda route: route.fulfill(status=204))
    row(first, case).get_by_role("button", name="担当する").click()
    expect(first.get_by_role("status")).to_have_text("この件の担当になりました。")
    row(second, case).get_by_role("button", name="担当する").click()
    expect(second.get_by_text("この件は、佐藤さんが担当しています。")).to_be_visible()
    second.context.unroute("**/queue/rows*")
    second.go_back()
    expect(row(second, case)).to_contain_text("担当：佐藤")
    assert first.url.endswith(case.conversation)


def test_who_reads_a_request_is_seen_in_the_queue(
    queue_of: Callable[..., Page], hall: Hall, console: DeskProcess
) -> None:
    receipt = hall.requests("見られ 太郎", -2)
    queue, reader = queue_of(CLERK), queue_of(CLERK_2)
    reader.goto(f"{console.url}/staff/okura/requests/{receipt}")
    line = queue.locator(".queue > li").filter(has_text=receipt)
    expect(line).to_contain_text("鈴木さんが見ています")
    reader.goto(f"{console.url}/staff/okura/queue")
    expect(line).not_to_contain_text("見ています")


def test_filters_apply_at_once_and_stay(queue_of: Callable[..., Page], hall: Hall) -> None:
    case, receipt = hall.comes(), hall.requests("期限切れ 太郎", -3)
    page = queue_of(CLERK)
    page.get_by_label("お待ちの会話").click()
    page.wait_for_url("**/queue?waiting=yes**")
    expect(row(page, case)).to_be_visible()
    expect(page.get_by_text(receipt)).to_have_count(0)
    page.get_by_role("link", name="すべて表示").click()
    page.get_by_label("遅れているもの").click()
    page.wait_for_url("**late=yes**")
    expect(page.get_by_text(receipt)).to_be_visible()
    expect(page.get_by_text("期限を3日過ぎています").first).to_be_visible()
    expect(row(page, case)).to_have_count(0)


def test_a_person_is_found_by_name_and_the_name_stands_in_no_address(
    queue_of: Callable[..., Page], hall: Hall, console: DeskProcess
) -> None:
    receipt = hall.requests("探され 花子", 5)
    page = queue_of(AUDITOR)
    page.get_by_label("お名前、電話番号").fill("探され花子")
    page.get_by_role("button", name="探す").click()
    expect(page.get_by_text(receipt)).to_be_visible()
    assert page.url == f"{console.url}/staff/okura/queue/search"
    page.get_by_label("お名前、電話番号").fill("いない人")
    page.get_by_role("button", name="探す").click()
    expect(page.get_by_text("見つかりませんでした。")).to_be_visible()


def test_e_mail_of_new_cases_is_switched_on_and_off(queue_of: Callable[..., Page], hall: Hall) -> None:
    page = queue_of(CLERK_2)
    page.get_by_role("button", name="メールで知らせる").click()
    expect(page.get_by_role("status")).to_have_text("新しい件をメールでお知らせします。")
    page.get_by_role("button", name="メールでのお知らせをやめる").click()
    expect(page.get_by_role("status")).to_have_text("メールでのお知らせをやめました。")


def test_a_notice_comes_only_to_who_switched_it_on(queue_of: Callable[..., Page], hall: Hall) -> None:
    page = queue_of(CLERK, permissions=["notifications"])
    # The browser's own window can't be looked at, so the page tells what it showed; a tab in front shows none.
    page.evaluate(
        """() => {
          window.shown = [];
          window.Notification = class { constructor(title, more) { window.shown.push([title, more.body]); } };
          window.Notification.permission = "granted";
          window.Notification.requestPermission = async () => "granted";
          Object.defineProperty(document, "hidden", { get: () => true });
        }"""
    )
    first = hall.comes()
    expect(row(page, first)).to_be_visible()
    assert page.evaluate("window.shown") == []
    page.get_by_role("button", name="この端末の画面に出す").click()
    second = hall.comes()
    expect(row(page, second)).to_be_visible()
    told = [["お客さまがお待ちです", "お待ちの会話が2件あります。"]]
    comes_true(page, lambda: page.evaluate("window.shown") == told)


def test_an_auditor_sees_the_queue_and_takes_nothing(queue_of: Callable[..., Page], hall: Hall) -> None:
    case = hall.comes()
    page = queue_of(AUDITOR)
    expect(row(page, case).get_by_role("link", name="開く")).to_be_visible()
    expect(page.get_by_role("button", name="担当する")).to_have_count(0)
    expect(page.get_by_role("button", name="メールで知らせる")).to_have_count(0)


def test_the_keyboard_reaches_the_filters_and_the_first_case(queue_of: Callable[..., Page], hall: Hall) -> None:
    case = hall.comes(HandoffReason.LEAK)
    page = queue_of(CLERK)
    # The list is fetched anew as the page begins to listen: not under the fingers here.
    page.context.route("**/queue/rows*", lambda route: route.fulfill(status=204))
    page.reload()
    page.locator("#f-text").focus()
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
        if reached[-1] == "担当する":
            break
    assert {"mine", "waiting", "late", "week", "kind", "情報漏えいの疑い", "担当する"} <= set(reached)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/conversations/{case.conversation}")


def test_the_pages_fit_every_screen_and_axe_finds_nothing(
    queue_of: Callable[..., Page], hall: Hall, screen: dict[str, Any], axe: str
) -> None:
    hall.comes(HandoffReason.LEAK)
    hall.requests("見本 太郎", -1)
    page = queue_of(CLERK, size=screen, bypass_csp=True)
    expect(page.locator(".queue > li").first).to_be_visible()
    assert not overflows(page)
    assert findings(page, axe) == []
    page.get_by_label("お名前、電話番号").fill("見本太郎")
    page.get_by_role("button", name="探す").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("探した結果")
    assert not overflows(page)
    assert findings(page, axe) == []
