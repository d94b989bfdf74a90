"""A picture is shown as nothing but a picture."""

from __future__ import annotations

import pytest

from bot.bootstrap import Services
from bot.console.picture_pages import SHUT_IN
from tests.records import PNG, conversation, message, picture
from tests.unit.console.conftest import AUDITOR, CLERK, OpenBrowser

ADDRESS = "/staff/okura/conversations/c1"


@pytest.fixture(autouse=True)
def _a_picture(services: Services) -> None:
    with services.store.transaction() as tx:
        tx.conversations.add(conversation())
        tx.conversations.add_message(message(body={"picture": "1"}))
        tx.pictures.add(picture(), PNG)


def test_nothing_in_a_picture_can_run_or_pass_for_a_page(browser: OpenBrowser) -> None:
    answer = browser(CLERK).get(f"{ADDRESS}/pictures/m1")
    assert answer.content == PNG
    kept = {name: answer.headers[name] for name in ("content-type", "content-disposition", "content-security-policy")}
    assert kept == {
        "content-type": "image/png",
        "content-disposition": 'inline; filename="picture.png"',
        "content-security-policy": SHUT_IN,
    }
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_a_picture_belongs_to_its_conversation_alone(browser: OpenBrowser, services: Services) -> None:
    with services.store.transaction() as tx:
        tx.conversations.add(conversation("c2"))
    seen = browser(CLERK)
    assert seen.get("/staff/okura/conversations/c2/pictures/m1").status_code == 404
    seen.post("/staff/okura/conversations/c2/pictures/m1/destroy")
    assert seen.get(f"{ADDRESS}/pictures/m1").status_code == 200


def test_who_works_here_destroys_it_and_the_page_says_so(browser: OpenBrowser) -> None:
    seen, button = browser(CLERK), "マイナンバーなどが写っている（消す）"
    assert button in seen.get(ADDRESS).text
    assert button not in browser(AUDITOR).get(ADDRESS).text
    assert seen.post(f"{ADDRESS}/pictures/m1/destroy").headers["location"] == ADDRESS
    assert "画像は残っていません。" in seen.get(ADDRESS).text
    assert seen.get(f"{ADDRESS}/pictures/m1").status_code == 404
