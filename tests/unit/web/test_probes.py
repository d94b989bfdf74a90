from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from starlette.testclient import TestClient

from bot.errors import Unavailable
from bot.settings import Settings
from bot.web.app import Parts, build_app


@pytest.fixture
def part_port() -> Iterator[int]:
    """A part that answers 200 to whatever it is asked."""

    class Ok(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Ok)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_alive_asks_no_other_part(client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts.store, "ping", _gone)
    assert client.get("/healthz").status_code == 200


class TestReady:
    def test_when_all_parts_answer(self, settings: Settings, parts: Parts, part_port: int) -> None:
        settings = replace(settings, engine_port=part_port, action_port=part_port)
        answer = TestClient(build_app(settings, parts)).get("/readyz")
        assert answer.status_code == 200
        assert answer.json() == {"ready": True, "parts": {"database": True, "engine": True, "actions": True}}

    def test_names_the_part_that_fails(self, settings: Settings, parts: Parts, part_port: int) -> None:
        settings = replace(settings, engine_port=part_port, action_port=1)
        answer = TestClient(build_app(settings, parts)).get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {"ready": False, "parts": {"database": True, "engine": True, "actions": False}}

    def test_one_engine_of_two_is_enough_and_the_other_is_named(
        self, settings: Settings, parts: Parts, part_port: int
    ) -> None:
        # Nobody listens on the port after the part's.
        settings = replace(settings, engine_port=part_port, action_port=part_port, engine_processes=2)
        answer = TestClient(build_app(settings, parts)).get("/readyz")
        assert answer.status_code == 200
        assert answer.json()["parts"] == {"database": True, "engine": True, "engine-2": False, "actions": True}

    def test_without_the_database(
        self, settings: Settings, parts: Parts, part_port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parts.store, "ping", _gone)
        settings = replace(settings, engine_port=part_port, action_port=part_port)
        assert TestClient(build_app(settings, parts)).get("/readyz").json()["parts"]["database"] is False


def _gone() -> None:
    raise Unavailable("the database is gone")


class TestMetrics:
    @pytest.fixture
    def app(self, settings: Settings, parts: Parts) -> object:
        return build_app(replace(settings, metrics_token="a-token"), parts)

    def test_this_machine_may_read_them(self, app: object) -> None:
        answer = TestClient(app, client=("127.0.0.1", 1)).get("/metrics")  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert "madoguchi_web_streams" in answer.text
        assert re.search(r"^madoguchi_web_tasks [1-9]", answer.text, re.MULTILINE)

    @pytest.mark.parametrize("token", ["", "Bearer", "Bearer ", "Bearer other", "a-tokens"])
    def test_another_needs_the_token(self, app: object, token: str) -> None:
        far = TestClient(app, client=("192.0.2.1", 1))  # type: ignore[arg-type]
        assert far.get("/metrics", headers={"Authorization": token}).status_code == 401
        assert far.get("/metrics", headers={"Authorization": "Bearer a-token"}).status_code == 200

    def test_without_a_token_set_nothing_is_one(self, settings: Settings, parts: Parts) -> None:
        far = TestClient(build_app(settings, parts), client=("192.0.2.1", 1))
        assert far.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401

    def test_a_proxy_on_this_machine_is_not_this_machine(self, app: object) -> None:
        near = TestClient(app, client=("127.0.0.1", 1))  # type: ignore[arg-type]
        assert near.get("/metrics", headers={"Forwarded": "for=192.0.2.1"}).status_code == 401
        assert near.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 401
