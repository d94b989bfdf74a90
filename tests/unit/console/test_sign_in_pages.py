"""Signing in through the app: cookies, headers, and where one is sent."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest

from bot.bootstrap import Services
from bot.services.staff.register import Place
from bot.services.staff.roles import Role
from bot.web.app import Parts
from tests.conftest import FixedClock
from tests.staff import PASSWORD, id_of
from tests.unit.console.conftest import ADMIN, CLERK, Browser, OpenBrowser

SESSION = "madoguchi_staff"
NEW = "another horse battery"


def cookies(answer: Any) -> dict[str, str]:
    """What an answer sets, by name."""
    return {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}


class TestCookies:
    def test_the_sessions_cookie_is_out_of_reach_of_scripts_and_other_sites(self, browser: OpenBrowser) -> None:
        set_by = cookies(browser().sign_in(CLERK))[SESSION]
        assert "HttpOnly" in set_by
        assert "SameSite=lax" in set_by
        assert "Path=/staff" in set_by
        assert "Secure" not in set_by
        assert "Max-Age" not in set_by

    def test_behind_tls_it_travels_only_there(self, browser: OpenBrowser) -> None:
        seen = browser(public_url="https://desk.example")
        for set_by in cookies(seen.sign_in(CLERK)).values():
            assert "Secure" in set_by

    def test_a_session_that_was_planted_is_not_taken_over(self, browser: OpenBrowser) -> None:
        planted = browser(ADMIN).session
        seen = browser()
        seen.client.cookies.set(SESSION, "chosen-by-somebody-else", domain="127.0.0.1", path="/staff")
        assert seen.sign_in(CLERK).status_code == 303
        given = seen.client.cookies.get(SESSION, domain="127.0.0.1", path="/staff")
        assert given not in ("chosen-by-somebody-else", planted, None)

    def test_signing_out_ends_the_session_in_the_database_too(self, browser: OpenBrowser) -> None:
        seen = browser(CLERK)
        token = seen.session
        assert seen.post("/staff/logout").headers["location"] == "/staff/login"
        seen.client.cookies.set(SESSION, token, domain="127.0.0.1", path="/staff")
        assert seen.get("/staff/account").status_code == 303

    def test_an_idle_session_is_led_to_the_form_and_back(self, browser: OpenBrowser, clock: FixedClock) -> None:
        seen = browser(ADMIN)
        clock.advance(minutes=31)
        sent_to = seen.get("/staff/okura/admin/staff").headers["location"]
        assert sent_to == "/staff/login?next=%2Fstaff%2Fokura%2Fadmin%2Fstaff"


class TestHeaders:
    @pytest.mark.parametrize("path", ["/staff/login", "/staff/account", "/staff/okura/admin/staff", "/staff/nothing/x"])
    def test_no_page_may_be_framed_or_run_a_strangers_script(self, browser: OpenBrowser, path: str) -> None:
        headers = browser(ADMIN).get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "data:" not in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"

    @pytest.mark.parametrize("path", ["/staff/login", "/staff/account", "/staff/totp/new", "/staff/okura/admin/staff"])
    def test_no_page_needs_what_its_policy_forbids(self, browser: OpenBrowser, path: str) -> None:
        seen = browser(ADMIN)
        text = seen.client.get(path).text if path != "/staff/login" else browser().client.get(path).text
        assert "<h1>" in text
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", text)

    def test_files_may_be_kept_for_they_change_their_address(self, browser: OpenBrowser) -> None:
        seen = browser()
        found = re.search(r"/staff/static/console\.css\?v=\w{12}", seen.get("/staff/login").text)
        assert found
        assert "immutable" in seen.get(found[0]).headers["cache-control"]
        assert seen.get("/staff/static/..%2Fapp.py").status_code == 404


class TestWhereTo:
    @pytest.mark.parametrize(
        "wanted",
        [
            "https://evil.example/",
            "//evil.example/staff/",
            "/staff/../evil",
            "/staff/\\evil.example",
            "/staffx/",
            "javascript:alert(1)",
            "/staff/\r\nSet-Cookie: x=1",
            "/demo/okura",
        ],
    )
    def test_nobody_is_led_astray(self, browser: OpenBrowser, wanted: str) -> None:
        assert browser().sign_in(CLERK, way=wanted).headers["location"] == "/staff/"

    def test_a_page_of_ours_is_where_one_goes(self, browser: OpenBrowser) -> None:
        seen = browser()
        assert seen.sign_in(CLERK, way="/staff/okura/queue").headers["location"] == "/staff/okura/queue"

    def test_who_works_for_one_company_comes_to_its_first_page(self, browser: OpenBrowser) -> None:
        seen = browser(CLERK)
        assert seen.get("/staff/").headers["location"] == "/staff/okura"
        assert seen.get("/staff/okura").headers["location"].startswith("/staff/okura/")

    def test_who_works_for_two_chooses(self, browser: OpenBrowser, services: Services) -> None:
        services.staff.register.add(CLERK, "佐藤", Place("kagoshima", Role.AUDITOR))
        page = browser(CLERK).get("/staff/").text
        assert 'href="/staff/okura"' in page
        assert 'href="/staff/kagoshima"' in page

    def test_who_works_nowhere_is_told_so(self, browser: OpenBrowser, services: Services) -> None:
        services.staff.register.remove_everywhere(CLERK, None)
        assert "入れる会社がありません" in browser(CLERK).get("/staff/").text


class TestSecondFactor:
    def test_a_password_alone_opens_no_page(self, browser: OpenBrowser, services: Services) -> None:
        with services.store.transaction() as tx:
            tx.staff.set_second_factor(id_of(services, ADMIN), pyotp.random_base32(), 0, ())
        seen = browser()
        assert seen.sign_in(ADMIN).headers["location"].startswith("/staff/totp?")
        for path in ("/staff/", "/staff/account", "/staff/okura/queue", "/staff/totp/new", "/staff/totp/new.svg"):
            assert seen.get(path).headers["location"] == "/staff/totp", path

    def test_the_code_gives_another_session(self, browser: OpenBrowser, services: Services, clock: FixedClock) -> None:
        secret = pyotp.random_base32()
        with services.store.transaction() as tx:
            tx.staff.set_second_factor(id_of(services, ADMIN), secret, 0, ())
        seen = browser()
        seen.sign_in(ADMIN)
        before, token = seen.session, form_token(seen, "/staff/totp")
        refused = seen.post("/staff/totp", {"code": "000000"}, csrf=token)
        assert refused.status_code == 400
        answer = seen.post("/staff/totp", {"code": pyotp.TOTP(secret).at(clock.now()), "next": "/staff/x"}, csrf=token)
        assert answer.headers["location"] == "/staff/x"
        assert seen.session != before

    def test_where_it_is_required_it_comes_first(self, browser: OpenBrowser) -> None:
        seen = browser(staff_totp="required")
        assert seen.sign_in(ADMIN).headers["location"].startswith("/staff/totp/new")
        assert seen.get("/staff/okura/queue").headers["location"] == "/staff/totp/new"
        assert "あとで" not in seen.get("/staff/totp/new").text

    def test_the_picture_is_an_svg_that_runs_nothing(self, browser: OpenBrowser) -> None:
        answer = browser(ADMIN).get("/staff/totp/new.svg")
        assert answer.headers["content-type"] == "image/svg+xml"
        assert "<script" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


class TestForms:
    def test_files_are_refused(self, browser: OpenBrowser) -> None:
        seen = browser(ADMIN)
        files = {"name": ("a.html", b"<script>", "text/html")}
        answer = seen.client.post("/staff/account/name", data={"csrf": seen.token()}, files=files)
        assert answer.status_code == 400
        assert "この操作は受け付けられませんでした" in answer.text

    def test_a_form_has_an_end(self, browser: OpenBrowser) -> None:
        seen = browser(ADMIN)
        answer = seen.post("/staff/account/name", {"name": "x" * 1_000_001})
        assert answer.status_code == 409
        assert "文が長すぎる" in answer.text

    @pytest.mark.parametrize("path", ["/staff/account/name", "/staff/okura/admin/staff"])
    def test_nul_is_no_part_of_a_form(self, browser: OpenBrowser, path: str) -> None:
        assert browser(ADMIN).post(path, {"name": "a\x00b"}).status_code == 409

    def test_nul_is_no_part_of_an_address(self, browser: OpenBrowser) -> None:
        seen = browser(ADMIN)
        assert seen.get("/staff/okura/admin/staff/%00").status_code == 404
        assert seen.get("/staff/okura/admin/staff?x=%00").status_code == 404

    def test_what_was_typed_is_shown_again_but_no_secret(self, browser: OpenBrowser) -> None:
        seen = browser(ADMIN)
        data = {"name": "<b>長い文</b>", "password": "correct horse"}
        answer = seen.post("/staff/okura/admin/staff", data, csrf="stale")
        assert answer.status_code == 409
        assert "&lt;b&gt;長い文" in answer.text
        assert "correct horse" not in answer.text

    def test_what_was_typed_outlives_the_session(self, browser: OpenBrowser, clock: FixedClock) -> None:
        seen = browser(ADMIN)
        token = seen.token()
        clock.advance(minutes=31)
        path, data = "/staff/okura/conversations/c1/say", {"text": "半時間かけて書いた返事", "key": "0" * 32}
        answer = seen.post(path, data, csrf=token)
        assert answer.status_code == 401
        assert "半時間かけて書いた返事" in answer.text
        assert "書いたものを写してから" in answer.text
        assert seen.post(path, data, csrf="forged").status_code == 303
        part = seen.post(path, data, csrf=token, headers={"HX-Request": "true"})
        assert part.text.startswith('<p class="problem"')
        assert "hx-redirect" not in part.headers

    def test_a_part_of_a_page_is_told_in_a_part(self, browser: OpenBrowser) -> None:
        seen = browser(ADMIN)
        answer = seen.post("/staff/okura/admin/staff", csrf="stale", headers={"HX-Request": "true"})
        assert answer.text.startswith('<p class="problem"')
        signed_out = browser().get("/staff/okura/queue", headers={"HX-Request": "true"})
        assert signed_out.headers["hx-redirect"] == "/staff/login"


class TestMessages:
    def test_what_was_done_is_said_once(self, browser: OpenBrowser) -> None:
        seen = browser(ADMIN)
        seen.post("/staff/account/name", {"name": "新しい名前"})
        assert "保存しました。" in seen.get("/staff/account").text
        assert "保存しました。" not in seen.get("/staff/account").text

    def test_nobody_puts_words_into_the_page(self, browser: OpenBrowser) -> None:
        seen = browser(ADMIN)
        seen.client.cookies.set("madoguchi_told", "<b>x</b>", domain="127.0.0.1", path="/staff")
        assert "<b>x</b>" not in seen.get("/staff/account").text

    def test_a_name_runs_nothing(self, browser: OpenBrowser) -> None:
        seen = browser(ADMIN)
        seen.post("/staff/account/name", {"name": '"><img src=x onerror=alert(1)>'})
        assert "<img" not in seen.get("/staff/okura/admin/staff").text

    def test_an_error_is_named_for_what_it_is(self, browser: OpenBrowser) -> None:
        assert "<h1>見つかりません</h1>" in browser(CLERK).get("/staff/okura/nothing").text
        assert "<h1>この役割ではできません</h1>" in browser(CLERK).get("/staff/okura/admin/staff").text

    def test_a_fault_tells_nothing(self, browser: OpenBrowser, services: Services, parts: Parts) -> None:
        seen = browser(ADMIN)
        register = services.staff.register
        register.colleagues = lambda company: 1 / 0  # type: ignore[method-assign, assignment, return-value]
        answer = seen.get("/staff/okura/admin/staff")
        assert answer.status_code == 500
        assert "ZeroDivisionError" not in answer.text
        assert "窓口の側で問題が起きました" in answer.text


class TestLinks:
    def test_an_invitation_is_accepted_in_the_browser(self, browser: OpenBrowser, services: Services) -> None:
        seen = browser(ADMIN)
        data = {"email": "taro@example.jp", "name": "太郎", "role": "auditor"}
        assert seen.post("/staff/okura/admin/staff", data).headers["location"] == "/staff/okura/admin/staff"
        with services.store.transaction(read_only=True) as tx:
            path = re.search(r"/staff/invitation/\S+", tx.outbox.find()[-1].text)
        assert path
        new = browser()
        assert "太郎さん" in new.get(path[0]).text
        assert new.post(path[0], {"password": "short"}).status_code == 400
        assert new.post(path[0], {"password": NEW}).headers["location"].startswith("/staff/totp/new")
        assert new.get("/staff/okura/admin/audit").status_code == 200
        assert browser().get(path[0]).status_code == 410

    def test_the_answer_to_who_forgot_is_the_same(self, browser: OpenBrowser) -> None:
        seen = browser()
        token = seen.token()
        said = [
            re.sub(r"\w{64}", "", seen.post("/staff/forgotten", {"email": email}, csrf=token).text)
            for email in (ADMIN, "nobody@example.jp", "no address")
        ]
        assert len(set(said)) == 1

    def test_the_answer_to_a_wrong_password_is_the_same(self, browser: OpenBrowser) -> None:
        seen = browser()
        token = seen.token()
        said = []
        for email in (ADMIN, "nobody@example.jp"):
            answer = seen.post("/staff/login", {"email": email, "password": "a guess"}, csrf=token)
            said.append((answer.status_code, answer.text.replace(email, "").replace(token, "")))
        assert said[0] == said[1]


class TestAccount:
    def test_a_new_password_ends_the_other_browsers(self, browser: OpenBrowser) -> None:
        here, there = browser(CLERK), browser(CLERK)
        wrong = here.post("/staff/account/password", {"password_now": "a guess", "password_new": NEW})
        assert "今のパスワードが違います。" in wrong.text
        here.post("/staff/account/password", {"password_now": PASSWORD, "password_new": NEW})
        assert here.get("/staff/account").status_code == 200
        assert there.get("/staff/account").status_code == 303

    def test_anothers_session_is_not_there(self, browser: OpenBrowser, services: Services) -> None:
        browser(ADMIN)
        theirs = services.staff.sessions.of(id_of(services, ADMIN))[0].id
        assert browser(CLERK).post(f"/staff/account/sessions/{theirs}/end").status_code == 404
        assert services.staff.sessions.is_open(theirs)


class TestStaffList:
    def test_the_last_admin_is_told_why(self, browser: OpenBrowser, services: Services) -> None:
        seen, mine = browser(ADMIN), id_of(services, ADMIN)
        answer = seen.post(f"/staff/okura/admin/staff/{mine}", {"role": "clerk"})
        assert answer.status_code == 409
        assert "管理者が1人もいなくなる" in answer.text

    def test_another_companys_person_is_not_there(self, browser: OpenBrowser, services: Services) -> None:
        theirs = id_of(services, "clerk@kagoshima.example.jp")
        seen = browser(ADMIN)
        for path in (theirs, f"{theirs}/remove", f"{theirs}/reset", f"{theirs}/invite"):
            assert seen.post(f"/staff/okura/admin/staff/{path}", {"role": "clerk"}).status_code == 404, path
        assert seen.get(f"/staff/okura/admin/staff/{theirs}").status_code == 404

    @pytest.mark.parametrize("role", ["owner", "", "ADMIN"])
    def test_a_made_up_role_is_refused_and_nothing_is_lost(self, browser: OpenBrowser, role: str) -> None:
        data = {"email": "taro@example.jp", "name": "太郎", "role": role}
        answer = browser(ADMIN).post("/staff/okura/admin/staff", data)
        assert answer.status_code == 400
        assert "役割を選んでください。" in answer.text
        assert 'value="taro@example.jp"' in answer.text

    def test_a_role_takes_hold_at_once(self, browser: OpenBrowser, services: Services) -> None:
        seen, boss, clerk = browser(CLERK), browser(ADMIN), id_of(services, CLERK)
        assert seen.get("/staff/okura/admin/audit").status_code == 403
        boss.post(f"/staff/okura/admin/staff/{clerk}", {"role": "auditor"})
        assert seen.get("/staff/okura/admin/audit").status_code == 200
        boss.post(f"/staff/okura/admin/staff/{clerk}/remove")
        assert seen.get("/staff/okura/admin/audit").status_code == 303


def form_token(seen: Browser, path: str) -> str:
    """The token of a page that isn't everybody's."""
    found = re.search(r'name="csrf" value="(\w+)"', seen.get(path).text)
    assert found
    return found[1]
