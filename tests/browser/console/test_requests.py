"""Requests with a real browser: a disclosure by two people, a denial, a person by documents; on every screen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.bootstrap import Services
from bot.privacy.statuses import IdentityStatus
from bot.services.records import DataSubjectRequest
from tests.browser.console.conftest import AUDITOR, CLERK, CLERK_2, SignIn, findings, overflows
from tests.browser.console.hall import Hall
from tests.browser.desk_process import DeskProcess
from tests.hanako import HANAKO, ask_as_hanako

DETAILS = {
    "disclosure": {"scope": "all", "form": "electronic"},
    "stop_provision": {"recipient": "ロータス\n保険会社", "reason": "none"},
}


@pytest.fixture
def opened(services: Services) -> Any:
    """Open a request of Hanako's, with a conversation of its own."""

    def open_request(kind: str, identity: IdentityStatus = IdentityStatus.VERIFIED) -> DataSubjectRequest:
        with services.store.transaction() as tx:
            tx.customers.save_many([HANAKO])
        details = DETAILS.get(kind, {"scope": "all", "reason": "none"})
        return ask_as_hanako(services, kind, identity, details=details)

    return open_request


def address(console: DeskProcess, request: DataSubjectRequest | None = None, rest: str = "") -> str:
    return f"{console.url}/staff/okura/requests" + (f"/{request.receipt}{rest}" if request else "")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def messages(services: Services, request: DataSubjectRequest) -> str:
    with services.store.transaction(read_only=True) as tx:
        return "\n".join(message.text for message in tx.conversations.messages(str(request.conversation)))


def test_a_disclosure_is_decided_by_two_people(
    sign_in: SignIn, console: DeskProcess, services: Services, opened: Any
) -> None:
    request = opened("disclosure")
    first, second = sign_in(CLERK), sign_in(CLERK_2)
    first.goto(address(console))
    first.locator("tr", has_text=request.receipt).get_by_role("link").click()
    press(first, "対応を始める")
    for _ in range(2):
        first.get_by_role("button", name="済ませた").first.click()
    first.get_by_role("link", name="希望どおりで終える").click()
    first.get_by_label("お客さまへの言葉").fill("電子データでお渡しします。")
    press(first, "お客さまに届く内容を見る")
    expect(first.get_by_text("hanako@example.jp")).to_be_visible()
    press(first, "この内容で提案する")
    expect(first.get_by_role("status")).to_contain_text("ほかの担当者の承認を待っています")
    expect(first.get_by_role("button", name="承認して、お知らせする")).to_have_count(0)
    assert messages(services, request) == ""

    second.goto(address(console, request))
    expect(second.locator("#proposal")).to_contain_text("電子データでお渡しします。")
    press(second, "承認して、お知らせする")
    expect(second.get_by_role("status")).to_contain_text("お客さまにお知らせしました")
    assert "電子データでお渡しします。" in messages(services, request)
    press(second, "受け取り用のリンクを送る")
    expect(second.get_by_role("status")).to_contain_text("メールで送りました")

    link = next(text for text in _mails(services) if "/documents/" in text)
    _fetch(sign_in(AUDITOR), services, re.search(r"http\S+/documents/\S+", link)[0])  # type: ignore[index]


def _mails(services: Services) -> list[str]:
    with services.store.transaction(read_only=True) as tx:
        return [message.text for message in reversed(tx.outbox.find("waiting"))]


def _fetch(page: Page, services: Services, link: str) -> None:
    """Fetch the record as the customer does, in whatever browser."""
    page.goto(link)
    press(page, "確認コードを送る")
    code = next(found[1] for text in _mails(services) if (found := re.search(r"^(\d{8})$", text, re.MULTILINE)))
    page.get_by_label("確認コード").fill(code)
    with page.expect_download() as download:
        press(page, "記録を受け取る")
    assert "髙橋 花子" in download.value.path().read_text(encoding="utf-8")
    page.goto(link)
    expect(page.get_by_role("heading", name="このリンクは使えません")).to_be_visible()


def test_a_denial_has_a_ground_of_the_law(
    sign_in: SignIn, console: DeskProcess, services: Services, opened: Any, screen: dict[str, Any]
) -> None:
    request, page = opened("stop_use"), sign_in(CLERK, size=screen)
    page.goto(address(console, request))
    page.get_by_role("link", name="断る").click()
    page.get_by_label("お客さまへの言葉").fill("必要な保存期間のあいだは、利用を止められません。")
    page.get_by_label("法律で定められた理由にあたらないため").check()
    press(page, "お客さまに届く内容を見る")
    assert not overflows(page)
    press(page, "書き直す")
    expect(page.get_by_label("法律で定められた理由にあたらないため")).to_be_checked()
    press(page, "お客さまに届く内容を見る")
    press(page, "この内容で決めて、お知らせする")
    expect(page.get_by_role("heading", name="結果：断る")).to_be_visible()
    assert "35条2項" in messages(services, request)


def test_a_person_is_verified_at_the_counter(
    sign_in: SignIn, console: DeskProcess, opened: Any, screen: dict[str, Any]
) -> None:
    request, page = opened("erasure", IdentityStatus.MANUAL), sign_in(CLERK, size=screen)
    page.goto(address(console, request, "/identity"))
    page.get_by_label("登録をさがす").fill("たかはし はなこ")
    press(page, "さがす")
    assert "たかはし" not in page.url
    page.get_by_label("マイナンバーカード").check()
    page.get_by_label("写しを見て").check()
    press(page, "この方だと確認した")
    expect(page.get_by_role("alert")).to_contain_text("マイナンバーカードの写しは受け取れません")
    page.get_by_label("マイナンバーカード").uncheck()
    page.get_by_label("運転免許証").check()
    page.get_by_label("店頭で見た").check()
    press(page, "この方だと確認した")
    expect(page.get_by_role("status")).to_contain_text("ご本人の確認を記録しました")


def test_the_pages_fit_and_axe_finds_nothing(
    sign_in: SignIn, console: DeskProcess, services: Services, opened: Any, screen: dict[str, Any], axe: str
) -> None:
    manual, running = opened("erasure", IdentityStatus.MANUAL), opened("stop_provision")
    services.request_work.begin(running.id, "nobody")
    page = sign_in(CLERK, size=screen, bypass_csp=True)
    places = (
        address(console),
        address(console, manual),
        address(console, manual, "/identity"),
        address(console, running),
        address(console, running, "/decide/denied"),
        address(console, running, "/decide/fulfilled"),
        address(console, running, "/extend"),
        address(console, opened("disclosure"), "/record"),
    )
    for place in places:
        page.goto(place)
        assert not overflows(page), place
        assert findings(page, axe) == [], place


@pytest.mark.parametrize("width", [1280, 1024])
def test_a_long_name_leaves_every_column_in_sight(
    sign_in: SignIn, console: DeskProcess, hall: Hall, width: int
) -> None:
    name = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末食う寝る処に住む処"
    receipt = hall.requests(name, -40)
    page = sign_in(CLERK, size={"viewport": {"width": width, "height": 800}})
    page.goto(address(console))
    row = page.locator("tbody tr", has_text=receipt)
    expect(row).to_contain_text(name)
    table = page.locator(".table").evaluate("table => [table.scrollWidth, table.clientWidth]")
    assert table[0] <= table[1]
    box = row.bounding_box()
    assert box is not None
    assert box["height"] < 220


def test_the_way_by_keyboard_alone(sign_in: SignIn, console: DeskProcess, opened: Any) -> None:
    request, page = opened("stop_use"), sign_in(CLERK)
    page.goto(address(console, request))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ進む")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the way back to the list
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="対応を始める")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("対応を始めました")


def test_a_printed_file_has_no_buttons(sign_in: SignIn, console: DeskProcess, opened: Any) -> None:
    request, page = opened("disclosure"), sign_in(CLERK)
    page.goto(address(console, request, "/record"))
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="ご登録の内容")).to_be_visible()
    for hidden in ("CSVで保存する", "この窓口が持っている記録です"):
        expect(page.get_by_text(hidden).first).not_to_be_visible()
