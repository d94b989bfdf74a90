"""Every page × every role × every company, made from the table of pages that the app itself is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from bot.bootstrap import Services
from bot.console.app import build_guard
from bot.console.page import OpenPage, Page
from bot.services.staff.roles import Role
from bot.web.app import Parts
from tests.unit.console.conftest import CLERK, ELSEWHERE, OpenBrowser
from tests.unit.console.places import OUTSIDE, PLACES

COMPANIES = ("okura", "kagoshima", "nobody")
REFUSED_FORM = "画面が古くなっていました"


@pytest.fixture
def table(parts: Parts) -> list[Page]:
    return pages_of(parts)


def pages_of(parts: Parts) -> list[Page]:
    assert parts.console is not None
    pages: list[Page] = parts.console.app.state.pages
    return pages


def calls(pages: list[Page]) -> Iterator[tuple[str, str, Page]]:
    for page in pages:
        for method in page.methods:
            yield method, page.path, page


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "x", path)


def test_every_page_has_its_place(table: list[Page]) -> None:
    assert {(method, path): page.roles for method, path, page in calls(table)} == PLACES


def test_every_page_outside_a_company_has_its_place(parts: Parts) -> None:
    assert parts.console is not None
    outside: list[OpenPage] = parts.console.app.state.outside
    found = {
        (method, page.path): " ".join(sorted(stage.value for stage in page.stages)) or "anybody"
        for page in outside
        for method in page.methods
    }
    assert found == OUTSIDE


def test_every_route_goes_through_the_guard(parts: Parts, table: list[Page]) -> None:
    assert parts.console is not None
    routes: list[Route] = parts.console.app.routes
    guarded = [route for route in routes if route.endpoint.__qualname__.startswith("Guard.")]
    assert [route.path for route in routes if route not in guarded] == ["/static/{name}"]
    assert len(guarded) == len(table) + len(parts.console.app.state.outside)


class TestRefusals:
    """On the app as it is: none of these calls may reach a page."""

    @pytest.mark.parametrize("role", Role)
    def test_another_companys_pages_are_not_there(
        self, browser: OpenBrowser, table: list[Page], role: Role, parts: Parts
    ) -> None:
        seen = browser(f"{role.value}@okura.example.jp")
        for method, path, _ in calls(table):
            answers = [
                seen.client.request(method, f"/staff/{company}{filled(path)}", follow_redirects=False)
                for company in ("kagoshima", "nobody")
            ]
            assert [answer.status_code for answer in answers] == [404, 404], (method, path)
            # Nothing tells a company that is there from one that isn't.
            assert answers[0].text == answers[1].text
            assert "鹿児島" not in answers[0].text

    @pytest.mark.parametrize("role", Role)
    def test_a_role_that_has_no_place_is_refused(self, browser: OpenBrowser, table: list[Page], role: Role) -> None:
        seen = browser(f"{role.value}@okura.example.jp")
        token = seen.token()
        for method, path, page in calls(table):
            if role not in page.roles:
                headers = {"X-CSRF-Token": token}
                answer = seen.client.request(method, f"/staff/okura{filled(path)}", headers=headers)
                assert answer.status_code == 403, (method, path)

    def test_who_is_signed_out_is_led_to_the_form(self, browser: OpenBrowser, table: list[Page]) -> None:
        seen = browser()
        for company in COMPANIES:
            for method, path, _ in calls(table):
                answer = seen.client.request(method, f"/staff/{company}{filled(path)}", follow_redirects=False)
                assert answer.status_code == 303, (method, path)
                assert answer.headers["location"].startswith("/staff/login")

    def test_a_form_without_its_token_changes_nothing(self, browser: OpenBrowser, table: list[Page]) -> None:
        seen = browser("admin@okura.example.jp")
        for method, path, page in calls(table):
            if method == "GET":
                continue
            answer = seen.client.request(method, f"/staff/okura{filled(path)}", data={})
            assert (answer.status_code, REFUSED_FORM in answer.text) == (409, True), (method, path)
            assert Role.ADMIN in page.roles

    def test_a_token_of_another_session_is_stale(self, browser: OpenBrowser, table: list[Page]) -> None:
        seen, stale = browser("admin@okura.example.jp"), browser(ELSEWHERE).token()
        for method, path, _ in calls(table):
            if method != "GET":
                answer = seen.client.request(method, f"/staff/okura{filled(path)}", data={"csrf": stale})
                assert (answer.status_code, REFUSED_FORM in answer.text) == (409, True), (method, path)

    def test_pages_outside_refuse_forms_without_a_token_too(self, browser: OpenBrowser) -> None:
        seen = browser(CLERK)
        for method, path in OUTSIDE:
            if method == "POST" and path != "/totp":
                answer = seen.client.post(f"/staff{filled(path)}", data={})
                assert (answer.status_code, REFUSED_FORM in answer.text) == (409, True), path


class TestPassing:
    """On the same table with pages that only say that they were reached."""

    @pytest.fixture
    def reached(self, services: Services, parts: Parts, table: list[Page]) -> Parts:
        async def page(request: Request) -> Response:
            return PlainTextResponse("reached")

        assert parts.console is not None
        guard = build_guard(services)
        parts.console.app.router.routes[:] = [
            *(route for route in parts.console.app.routes if not route.path.startswith("/{company}")),
            *(guard.route(replace(one, endpoint=page)) for one in table),
        ]
        return parts

    @pytest.mark.parametrize("role", Role)
    def test_a_role_reaches_exactly_its_pages(self, reached: Parts, browser: OpenBrowser, role: Role) -> None:
        seen = browser(f"{role.value}@okura.example.jp")
        token = seen.token()
        for (method, path), roles in PLACES.items():
            headers = {"X-CSRF-Token": token}
            answer: Any = seen.client.request(method, f"/staff/okura{filled(path)}", headers=headers)
            assert (answer.text == "reached") == (role in roles), (method, path)
            assert answer.status_code == (200 if role in roles else 403)


def test_the_console_is_one_mount(parts: Parts) -> None:
    assert isinstance(parts.console, Mount)
    assert parts.console.path == "/staff"
