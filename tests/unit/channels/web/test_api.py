from __future__ import annotations

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.channels.web.incoming import LONGEST_BODY
from bot.errors import Unavailable
from bot.settings import Settings
from bot.web.app import Parts, build_app
from tests.conftest import FixedClock
from tests.scripted_desk import ScriptedEngine
from tests.unit.channels.web.conftest import SITE, Browser


def test_a_conversation_begins_with_the_company_and_what_the_desk_can_do(browser: Browser) -> None:
    answer = browser.start("okura")
    assert answer.status_code == 201
    content = answer.json()
    assert content["company"]["name"] == "有限会社大蔵自動車"
    assert content["company"]["phone"] == "0233-75-3111"
    assert "有限会社大蔵自動車" in content["greeting"]["text"]
    assert len(content["greeting"]["buttons"]) >= 3
    assert content["resumed"] is False


def test_a_message_is_taken_in_and_answered(browser: Browser) -> None:
    browser.start()
    answer = browser.send("リコールのときは？", "the-first-one")
    assert answer.status_code == 202
    assert answer.json() == {"id": "the-first-one", "seq": 1, "repeated": False}
    asked, told = browser.messages()
    assert (asked["author"], asked["id"], asked["text"]) == ("customer", "the-first-one", "リコールのときは？")
    assert told["author"] == "bot"
    assert {"kind": "citation", "text": "個人情報保護方針 7.(3)⑤"} in told["parts"]


def test_sending_twice_is_once(browser: Browser, engine: ScriptedEngine) -> None:
    browser.start()
    browser.send("こんにちは", "same-message")
    again = browser.send("こんにちは", "same-message")
    assert again.json() == {"id": "same-message", "seq": 1, "repeated": True}
    assert len(browser.messages()) == 2
    assert engine.heard == ["こんにちは"]


def test_two_quick_messages_are_answered_in_order(browser: Browser, engine: ScriptedEngine) -> None:
    browser.start()
    browser.send("ひとつめ")
    browser.send("ふたつめ")
    browser.settle()
    assert engine.heard == ["ひとつめ", "ふたつめ"]


def test_a_token_resumes_its_conversation(browser: Browser) -> None:
    browser.start()
    browser.send("こんにちは")
    before = browser.conversation
    again = browser.start()
    assert again.status_code == 200
    assert again.json()["resumed"] is True
    assert browser.conversation == before
    assert len(browser.messages()) == 2


def test_a_token_of_one_company_begins_anew_with_another(browser: Browser) -> None:
    browser.start("okura")
    before = browser.conversation
    assert browser.start("kagoshima").status_code == 201
    assert browser.conversation != before


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "messages"), ("GET", "messages"), ("GET", "events"), ("POST", "end"), ("DELETE", "conversation")],
)
class TestWithoutTheToken:
    def test_nothing_is_told(self, browser: Browser, method: str, path: str) -> None:
        answer = browser.call(method, path)
        assert answer.status_code == 401
        assert answer.json() == {"error": "token"}

    @pytest.mark.parametrize("header", ["Bearer", "Bearer x.y.z", "Basic abc", "Bearer \u00e9".encode("latin-1")])
    def test_nor_to_nonsense(self, browser: Browser, method: str, path: str, header: str) -> None:
        assert browser.call(method, path, headers={"Authorization": header}).status_code == 401

    def test_nor_to_a_token_on_another_website(self, browser: Browser, method: str, path: str) -> None:
        browser.start()
        elsewhere = {"Origin": "http://127.0.0.1:7777"}
        assert browser.call(method, path, headers=elsewhere, json={"id": "12345678", "text": "x"}).status_code == 401

    def test_nor_after_it_has_expired(
        self, browser: Browser, clock: FixedClock, settings: Settings, method: str, path: str
    ) -> None:
        browser.start()
        clock.advance(days=settings.conversation_days, seconds=1)
        assert browser.call(method, path, json={"id": "12345678", "text": "x"}).status_code == 401


def test_a_token_cannot_be_changed_to_another_conversation(browser: Browser, client: TestClient) -> None:
    browser.start()
    other = Browser(client)
    other.start()
    head, _, _ = browser.headers["Authorization"].split(".")
    _, claims, tail = other.headers["Authorization"].split(".")
    assert browser.call("GET", "messages", headers={"Authorization": f"{head}.{claims}.x{tail}"}).status_code == 401


def test_an_unsigned_token_is_no_token(browser: Browser) -> None:
    browser.start()
    _, claims, _ = browser.headers["Authorization"].split(".")
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    assert browser.call("GET", "messages", headers={"Authorization": f"Bearer {unsigned}.{claims}."}).status_code == 401


def test_an_unknown_company_is_none_of_ours(browser: Browser) -> None:
    answer = browser.start("../okura")
    assert answer.status_code == 404
    assert answer.json() == {"error": "not_found"}


class TestOrigins:
    @pytest.fixture
    def production(self, settings: Settings, parts: Parts) -> TestClient:
        settings = replace(settings, environment="production", public_url="https://desk.example")
        return TestClient(build_app(settings, parts), base_url="https://desk.example")

    @pytest.mark.parametrize(
        "origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example", "http://[", "a"]
    )
    def test_a_website_that_the_company_does_not_name_is_refused(self, client: TestClient, origin: str) -> None:
        answer = Browser(client, origin).start()
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers

    def test_loopback_is_no_website_in_production(self, production: TestClient) -> None:
        assert Browser(production, SITE).start().status_code == 403

    def test_the_desks_own_origin_is_always_allowed(self, production: TestClient) -> None:
        assert Browser(production, "https://desk.example").start().status_code == 201

    def test_a_request_without_origin_belongs_to_the_desks_own(self, client: TestClient, settings: Settings) -> None:
        alone = Browser(client, None)
        assert alone.start().status_code == 201
        assert alone.send("こんにちは").status_code == 202
        assert alone.call("GET", "messages", headers={"Origin": SITE}).status_code == 401
        assert alone.call("GET", "messages", headers={"Origin": settings.base_url}).status_code == 200

    def test_an_allowed_website_may_read_answers_and_errors(self, browser: Browser) -> None:
        assert browser.start().headers["access-control-allow-origin"] == SITE
        assert browser.start("nobody").headers["access-control-allow-origin"] == SITE
        assert "access-control-allow-credentials" not in browser.start().headers

    def test_a_preflight_names_what_the_widget_sends(self, client: TestClient) -> None:
        asked = {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        allowed = client.options("/chat/messages", headers={"Origin": SITE, **asked})
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == SITE
        refused = client.options("/chat/messages", headers={"Origin": "http://evil.example", **asked})
        assert "access-control-allow-origin" not in refused.headers


class TestBadInput:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, messages_minute=10_000)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            b"1",
            b"null",
            b'{"id":1,"text":"x"}',
            b'{"id":"12345678"}',
            b'{"id":"short","text":"x"}',
            b'{"id":"12345678","text":["x"]}',
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"id":"12345678\\u0000","text":"x"}',
        ],
    )
    def test_what_is_no_message_is_refused(self, browser: Browser, body: bytes) -> None:
        browser.start()
        answer = browser.call("POST", "messages", content=body)
        assert answer.status_code == 400
        assert answer.json() == {"error": "bad_request"}

    @pytest.mark.parametrize("seen", ["x", "-1", "1.5", "１", "9" * 10, "1;2"])
    def test_what_is_no_message_number_is_refused(self, browser: Browser, seen: str) -> None:
        browser.start()
        assert browser.call("GET", "messages", params={"after": seen}).status_code == 400
        assert browser.call("GET", "events", headers={"Last-Event-ID": seen.encode()}).status_code == 400

    def test_more_than_any_message_is_refused_before_it_is_read_whole(self, browser: Browser) -> None:
        browser.start()
        assert browser.call("POST", "messages", content=b"x" * (LONGEST_BODY + 1)).status_code == 413

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " ",
            "\0",
            "a\0b",
            "\ud800",
            "あ" * 100_000,
            "/restart",
            '/intent{"slot": "x"}',
            "\u202e\u200b",
            "😀" * 5000,
            "'; DROP TABLE messages; --",
            "<script>alert(1)</script>",
            "!!python/object",
            "\x1b[31m",
            "{0}{name}",
        ],
    )
    def test_every_text_gets_an_answer(self, browser: Browser, text: str) -> None:
        browser.start()
        body = json.dumps({"id": "12345678", "text": text})
        assert browser.call("POST", "messages", content=body).status_code == 202
        assert [message["author"] for message in browser.messages()] == ["customer", "bot"]

    @given(text=st.text(st.characters(), max_size=300))
    @hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_no_text_breaks_the_desk(self, browser: Browser, text: str) -> None:
        if not browser.conversation:
            browser.start()
        body = json.dumps({"id": uuid4().hex, "text": text})
        assert browser.call("POST", "messages", content=body).status_code == 202
        assert browser.messages()[-1]["author"] == "bot"


class TestLimits:
    def test_messages_of_a_conversation(self, browser: Browser, settings: Settings) -> None:
        browser.start()
        for _ in range(settings.messages_minute):
            assert browser.send("こんにちは").status_code == 202
        refused = browser.send("こんにちは")
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 60

    def test_conversations_of_an_address(self, client: TestClient, settings: Settings) -> None:
        for _ in range(settings.conversations_hour):
            assert Browser(client).start().status_code == 201
        assert Browser(client).start().status_code == 429

    def test_resuming_costs_nothing(self, browser: Browser, settings: Settings) -> None:
        for _ in range(settings.conversations_hour + 2):
            assert browser.start().is_success

    def test_a_chat_that_cannot_count_goes_on(
        self, browser: Browser, parts: Parts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.storage.limits.SqlLimits.take", _unavailable)
        assert browser.start().status_code == 201
        assert browser.send("こんにちは").status_code == 202


def _unavailable(*_: object, **__: object) -> bool:
    raise Unavailable("the counters are gone")


class TestFaults:
    def test_without_the_engine_the_customer_gets_the_contact(self, browser: Browser, engine: ScriptedEngine) -> None:
        engine.down = True
        browser.start("kagoshima")
        browser.send("窓口の時間は")
        assert "0120-49-5523" in browser.messages()[-1]["text"]

    def test_without_the_database_the_widget_is_told_to_try_again(
        self, browser: Browser, parts: Parts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        browser.start()
        monkeypatch.setattr(parts.desk, "accept", _unavailable)
        answer = browser.send("こんにちは")
        assert answer.status_code == 503
        assert answer.json() == {"error": "unavailable"}
        assert "retry-after" in answer.headers

    def test_a_fault_of_ours_shows_nothing_of_itself(
        self, browser: Browser, parts: Parts, monkeypatch: pytest.MonkeyPatch, logged: list[dict[str, str]]
    ) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("secret detail")

        browser.start()
        monkeypatch.setattr(parts.desk, "accept", broken)
        answer = browser.send("こんにちは")
        assert answer.status_code == 500
        assert answer.json() == {"error": "internal"}
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert [line["event"] for line in logged if line["log_level"] == "error"] == ["web.failed"]


class TestLeaving:
    def test_erasing_leaves_nothing(self, browser: Browser) -> None:
        browser.start()
        browser.send("こんにちは")
        browser.settle()
        assert browser.call("DELETE", "conversation").status_code == 204
        assert browser.call("GET", "messages").status_code == 404
        assert browser.send("まだいますか").status_code == 404
        before = browser.conversation
        assert browser.start().json()["resumed"] is False
        assert browser.conversation != before

    def test_an_ended_conversation_is_closed_to_its_token(self, browser: Browser) -> None:
        browser.start()
        browser.send("こんにちは")
        browser.settle()
        assert browser.call("POST", "end").status_code == 204
        assert browser.call("GET", "messages").status_code == 404
        assert browser.send("まだいますか").status_code == 404


def test_staff_notes_and_our_own_marks_never_leave_the_desk(browser: Browser, engine: ScriptedEngine) -> None:
    browser.start()
    browser.send("私のマイナンバーは 1234 5678 9018 です")
    assert all("masked" not in message for message in browser.messages())
