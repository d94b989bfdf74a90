"""Another company's records under one's own company's address, and another store's: not there, on whatever page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.bootstrap import Services
from bot.console.page import Page
from bot.services.ports.company_settings import CannedAnswer
from bot.services.staff.records import Membership
from bot.services.staff.roles import Role
from bot.web.app import Parts
from tests.records import PNG, conversation, data_subject_request, handoff, machine, message, outbound, picture
from tests.staff import id_of
from tests.unit.console.conftest import ADMIN, CLERK, Browser, OpenBrowser
from tests.unit.console.test_matrix import calls, pages_of

RECORDS = {
    "conversation": "c1",
    "case": "h1",
    "receipt": "KG-7F3K-9M2Q-4T8W",
    "answer": "a1",
    "machine": "m1",
    "letter": "x1",
    "picture": "m1",
}
STORED = ("conversation", "case", "receipt")
"""What belongs to a store of the company."""
NO_RECORDS = {"outcome": "fulfilled", "chart": "topics"}
"""Parts of an address that name no record."""
OF_THE_COMPANY = ("/conversations/{conversation}/clauses", "/conversations/{conversation}/quota")
"""Shown beside a conversation, but nothing of it: the own company's policy, and what LINE lets it send."""

# Whatever a form asks for is in it, so that a page can't refuse it for what is missing.
FILLED = {
    "role": "clerk",
    "text": "はい",
    "words": "はい",
    "reason": "はい",
    "word": "",
    "title": "x",
    "staff": "x",
    "note": "はい",
    "key": "0" * 32,
    "task": "compile_records",
    "version": "0",
    "days": "7",
    "until": "2026-06-20",
    "ground": "other",
    "document": "driving_licence",
    "customer": "k1",
}


@pytest.fixture
def fill(services: Services) -> Any:
    """Put a record of each kind into a company and store."""

    def put(company: str, store: str | None = None) -> None:
        with services.store.transaction() as tx:
            tx.conversations.add(conversation(company=company, store=store))
            tx.conversations.add_message(message())
            tx.pictures.add(picture(), PNG)
            tx.handoffs.add(handoff(company=company, store=store))
            tx.requests.add(
                data_subject_request(company=company, receipt="KG-7F3K-9M2Q-4T8W", store=store, conversation="c1")
            )
            tx.canned_answers.save(CannedAnswer("a1", company, "営業時間", "平日です。"))
            tx.machines.add(machine("m1", company=company), "0" * 64)
            tx.outbox.add(outbound(company=company, status="dead"))

    return put


def of_records(parts: Parts, names: Any) -> list[tuple[str, str, Page]]:
    """The calls whose address names a record of one of these kinds."""
    return [
        (method, path, page)
        for method, path, page in calls(pages_of(parts))
        if any(f"{{{name}}}" in path for name in names) and path not in OF_THE_COMPANY
    ]


def call(seen: Browser, method: str, path: str, token: str, staff: str = "x") -> Any:
    values = {**RECORDS, **NO_RECORDS, "staff": staff}
    address = "/staff/okura" + re.sub(r"\{(\w+)\}", lambda part: values[part[1]], path)
    data = {**FILLED, "csrf": token} if method == "POST" else None
    return seen.client.request(method, address, data=data, follow_redirects=False)


def test_every_part_of_an_address_is_known_here(parts: Parts) -> None:
    named = {name for page in pages_of(parts) for name in re.findall(r"\{(\w+)\}", page.path)}
    assert named == {*RECORDS, *NO_RECORDS, "staff"}


def test_another_companys_records_are_not_there(
    browser: OpenBrowser, parts: Parts, services: Services, fill: Any
) -> None:
    fill("kagoshima")
    seen, theirs = browser(ADMIN), id_of(services, "clerk@kagoshima.example.jp")
    token = seen.token()
    for method, path, _ in of_records(parts, [*RECORDS, "staff"]):
        answer = call(seen, method, path, token, theirs)
        assert answer.status_code == 404, (method, path, answer.status_code)
        assert "髙橋" not in answer.text


def test_they_are_there_for_their_own_company(
    browser: OpenBrowser, parts: Parts, services: Services, fill: Any
) -> None:
    """The test above would pass on records that nobody can see."""
    fill("okura")
    seen = browser(ADMIN)
    for method, path, _ in of_records(parts, RECORDS):
        if method == "GET" and not path.endswith((".csv", "/record")):
            assert call(seen, method, path, "").status_code in (200, 303, 409), path


def test_another_stores_records_are_not_there(
    browser: OpenBrowser, parts: Parts, services: Services, fill: Any
) -> None:
    fill("okura", store="shinjo")
    with services.store.transaction() as tx:
        tx.staff.put_membership(Membership(id_of(services, CLERK), "okura", Role.CLERK, "yamagata"))
    seen = browser(CLERK)
    token = seen.token()
    for method, path, page in of_records(parts, STORED):
        if Role.CLERK in page.roles:
            answer = call(seen, method, path, token)
            assert answer.status_code == 404, (method, path, answer.status_code)
    for path in ("/staff/okura/queue", "/staff/okura/requests"):
        page_text = seen.get(path).text
        assert "KG-7F3K-9M2Q-4T8W" not in page_text
        assert "髙橋" not in page_text


def test_a_record_of_no_store_is_everybodys(browser: OpenBrowser, parts: Parts, services: Services, fill: Any) -> None:
    fill("okura")
    with services.store.transaction() as tx:
        tx.staff.put_membership(Membership(id_of(services, CLERK), "okura", Role.CLERK, "yamagata"))
    seen = browser(CLERK)
    for path in ("/requests/{receipt}", "/conversations/{conversation}"):
        assert call(seen, "GET", path, "").status_code == 200
