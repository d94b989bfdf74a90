"""Signing in with a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from bot.bootstrap import Services
from bot.services.staff.register import Place
from bot.services.staff.roles import Role
from tests.browser.console.conftest import ADMIN, CLERK, CLERK_2, PHONE, SignIn, findings, login, overflows
from tests.browser.desk_process import DeskProcess
from tests.staff import PASSWORD

Visitor = Callable[..., Page]


def new_member(services: Services, email: str, password: str | None = PASSWORD) -> str:
    """Add somebody for one test; returns the invitation's address if there is no password."""
    added = services.staff.register.add(email, "山田", Place("okura", Role.CLERK), password)
    return added.link or ""


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_who_signs_in_comes_to_the_page_that_was_asked_for(visitor: Visitor, console: DeskProcess) -> None:
    page = visitor()
    page.goto(f"{console.url}/staff/okura/admin/staff")
    page.get_by_label("メールアドレス").fill(ADMIN)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "担当者")
    assert page.url == f"{console.url}/staff/okura/admin/staff"


def test_a_wrong_password_keeps_the_address_and_says_one_thing(visitor: Visitor, console: DeskProcess) -> None:
    page = visitor()
    said = []
    for email in (CLERK, "nobody@okura.example.jp"):
        page.goto(f"{console.url}/staff/login")
        page.get_by_label("メールアドレス").fill(email)
        page.get_by_label("パスワード").fill("another password")
        page.get_by_role("button", name="ログイン").click()
        said.append(page.get_by_role("alert").inner_text())
        assert page.get_by_label("メールアドレス").input_value() == email
    assert said == ["メールアドレスかパスワードが違います。"] * 2


def test_signing_out_leaves_nothing_open(sign_in: SignIn, console: DeskProcess) -> None:
    page = sign_in(CLERK, size=PHONE)
    page.goto(f"{console.url}/staff/account")
    page.locator("summary", has_text="佐藤").click()
    page.get_by_role("button", name="ログアウト", exact=True).click()
    heading(page, "担当者のログイン")
    expect(page.get_by_role("status")).to_have_text("ログアウトしました。")
    page.goto(f"{console.url}/staff/account")
    heading(page, "担当者のログイン")


def test_the_invitation_the_second_factor_and_a_recovery_code(
    visitor: Visitor, console: DeskProcess, services: Services
) -> None:
    page = visitor()
    page.goto(new_member(services, "new@okura.example.jp", password=None))
    heading(page, "ようこそ、山田さん")
    page.get_by_label("パスワード").fill("山と川と password 26")
    page.get_by_role("button", name="決める").click()

    heading(page, "2段階認証の設定")
    qr = page.get_by_alt_text("認証アプリで読み取るQRコード")
    assert qr.evaluate("async image => (await image.decode(), image.naturalWidth > 100)")
    page.get_by_text("読み取れないとき").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("アプリに出た6桁の数字").fill("000000")
    page.get_by_role("button", name="設定する").click()
    expect(page.get_by_role("alert")).to_contain_text("数字が違うか")
    page.get_by_label("アプリに出た6桁の数字").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="設定する").click()
    heading(page, "回復コードを控えてください")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10

    other = visitor(PHONE)
    login(other, console.url, "new@okura.example.jp", "山と川と password 26")
    heading(other, "確認コード")
    other.get_by_label("認証アプリに出ている6桁の数字").fill(codes[3].upper())
    other.get_by_role("button", name="確認する").click()
    other.goto(f"{console.url}/staff/account")
    expect(other.get_by_text("使っていない回復コードは、あと9個です。")).to_be_visible()


def test_later_is_a_choice_where_the_second_factor_is_optional(
    visitor: Visitor, console: DeskProcess, services: Services
) -> None:
    page = visitor()
    new_member(services, "later@okura.example.jp")
    login(page, console.url, "later@okura.example.jp")
    heading(page, "2段階認証の設定")
    page.get_by_role("link", name="あとで").click()
    page.wait_for_url(re.compile("/staff/okura"))


def test_an_account_is_locked_after_ten_failures(visitor: Visitor, console: DeskProcess, services: Services) -> None:
    new_member(services, "guessed@okura.example.jp")
    page = visitor()
    page.goto(f"{console.url}/staff/login")
    for number in range(11):
        page.get_by_label("メールアドレス").fill("guessed@okura.example.jp")
        page.get_by_label("パスワード").fill(f"guess {number}")
        page.get_by_role("button", name="ログイン").click()
        page.wait_for_load_state()
    expect(page.get_by_role("alert")).to_contain_text("入力を止めています")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("alert")).to_contain_text("入力を止めています")


def test_another_browser_is_signed_out_from_here(sign_in: SignIn, console: DeskProcess) -> None:
    here, there = sign_in(CLERK_2), sign_in(CLERK_2, size=PHONE)
    here.goto(f"{console.url}/staff/account")
    here.get_by_role("button", name="ログアウトさせる").first.click()
    expect(here.get_by_role("status")).to_have_text("その端末をログアウトさせました。")
    there.goto(f"{console.url}/staff/account")
    heading(there, "担当者のログイン")


def test_an_administrator_invites_and_removes(sign_in: SignIn, console: DeskProcess) -> None:
    page = sign_in(ADMIN)
    page.goto(f"{console.url}/staff/okura/admin/staff")
    page.get_by_label("メールアドレス").fill("invited@okura.example.jp")
    page.get_by_label("名前").fill("<b>渡辺</b>")
    page.get_by_label("監査").check()
    page.get_by_role("button", name="招待のメールを送る").click()
    expect(page.get_by_role("status")).to_have_text("招待のメールを送りました。")
    row = page.get_by_role("row").filter(has_text="invited@okura.example.jp")
    expect(row).to_contain_text("<b>渡辺</b>")
    expect(row).to_contain_text("監査")
    row.get_by_role("link", name="変更").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="外す").click()
    expect(page.get_by_role("status")).to_have_text("この会社から外しました。")
    expect(page.get_by_text("invited@okura.example.jp")).to_have_count(0)


def sign_in_form(page: Page, address: str) -> None:
    page.goto(f"{address}/staff/login")


def sign_in_refused(page: Page, address: str) -> None:
    sign_in_form(page, address)
    page.get_by_label("メールアドレス").fill("nobody@example.jp")
    page.get_by_label("パスワード").fill("a guess")
    page.get_by_role("button", name="ログイン").click()
    page.get_by_role("alert").wait_for()


def forgotten(page: Page, address: str) -> None:
    page.goto(f"{address}/staff/forgotten")


def second_factor(page: Page, address: str) -> None:
    login(page, address, ADMIN)
    page.goto(f"{address}/staff/totp/new")


def account(page: Page, address: str) -> None:
    page.goto(f"{address}/staff/account")


def staff_list(page: Page, address: str) -> None:
    page.goto(f"{address}/staff/okura/admin/staff")


def staff_member(page: Page, address: str) -> None:
    page.get_by_role("link", name="変更").first.click()


def no_such_page(page: Page, address: str) -> None:
    page.goto(f"{address}/staff/okura/nothing")


STATES = [sign_in_form, sign_in_refused, forgotten, second_factor, account, staff_list, staff_member, no_such_page]
"""One after the other, as one person goes through them."""


@pytest.mark.needs("node")
def test_axe_finds_nothing_on_any_screen(
    visitor: Visitor, console: DeskProcess, screen: dict[str, Any], axe: str
) -> None:
    page = visitor(screen, bypass_csp=True)
    for reach in STATES:
        reach(page, console.url)
        page.wait_for_load_state()
        assert findings(page, axe) == [], reach.__name__
        assert not overflows(page), reach.__name__
