"""The page of other systems in a real browser."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.console.conftest import ADMIN, SignIn, findings, overflows
from tests.browser.desk_process import DeskProcess

pytestmark = pytest.mark.real


def test_a_key_is_made_used_and_stopped(
    sign_in: SignIn, console: DeskProcess, axe: str, screen: dict[str, Any]
) -> None:
    page = sign_in(ADMIN, screen, bypass_csp=True)
    page.goto(f"{console.url}/staff/okura/admin/machines")
    page.get_by_label("名前").fill("社内ヘルプデスク")
    page.get_by_label("通知先のアドレス").fill("https://help.example/madoguchi?key=sesame")
    page.get_by_role("button", name="鍵をつくる").click()
    expect(page.get_by_role("heading", name="鍵を控えてください")).to_be_visible()
    (key,) = re.findall(r"mdg_[\w-]{43}", page.content())
    assert findings(page, axe) == []
    assert not overflows(page)
    address, headers = f"{console.url}/api/v1/handoffs", {"Authorization": f"Bearer {key}"}
    assert httpx.get(address, headers=headers).status_code == 200

    page.get_by_role("link", name="控えました").click()
    row = page.get_by_role("row").filter(has_text="社内ヘルプデスク").filter(has_text="使用中")
    expect(row).to_be_visible()
    assert key not in page.content()
    assert findings(page, axe) == []
    assert not overflows(page)
    page.on("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="停止する").click()
    expect(page.get_by_text("鍵を停止しました")).to_be_visible()
    assert httpx.get(address, headers=headers).status_code == 401
