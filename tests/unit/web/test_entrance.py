from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.settings import Settings
from bot.web.app import Parts, build_app
from bot.web.entrance import HEADERS, REQUESTS

PATHS = ["/", "/demo/okura", "/widget.js", "/healthz", "/metrics", "/chat/messages", "/nothing", "/chat/nothing"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_every_header(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert {name for name in HEADERS if name not in answer.headers} == set()
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "strict-transport-security" not in answer.headers


def test_behind_tls_the_browser_is_told_to_stay_there(settings: Settings, parts: Parts) -> None:
    client = TestClient(build_app(replace(settings, public_url="https://desk.example"), parts))
    assert "max-age" in client.get("/healthz").headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/chat/nothing", 404, "not_found"),
        ("GET", "/demo/../../etc/passwd", 404, "not_found"),
        ("GET", "/demo/%00", 404, "not_found"),
        ("DELETE", "/healthz", 405, "method"),
        ("GET", "/chat/conversations", 405, "method"),
    ],
)
def test_what_is_not_there_is_said_plainly(client: TestClient, method: str, path: str, status: int, code: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.json() == {"error": code}


def test_the_log_names_routes_never_addresses_or_queries(client: TestClient, logged: list[dict[str, Any]]) -> None:
    client.get("/demo/okura?name=山田太郎&code=12345678")
    client.get("/yamada-taro-secret")
    assert [line["route"] for line in logged if line["event"] == "web.answered"] == ["/demo/{company}", "none"]
    assert not any(word in str(logged) for word in ("山田", "12345678", "yamada"))


def test_requests_are_counted_by_route_and_status(client: TestClient) -> None:
    counted = REQUESTS.labels("GET", "/demo/{company}", 404)
    before = counted._value.get()
    client.get("/demo/nobody")
    assert counted._value.get() == before + 1
