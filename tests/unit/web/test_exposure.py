"""No public route leads to the engine or the action server: SECURITY.md says why they must not be reached."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.settings import Settings
from tests.unit.web.public_routes import public_routes
from tests.unit.web.whole_front import WholeFront, whole_front

RASAS_OWN = [
    *("/webhooks/rest/webhook", "/webhooks/desk/respond", "/webhooks/rest/", "/webhook", "/health", "/version"),
    *("/conversations/x/tracker", "/conversations/x/tracker/events", "/conversations/x/messages", "/model", "/status"),
    *("/model/parse", "/model/train", "/domain", "/actions", "/socket.io/", "/chat/../webhooks/rest/webhook"),
    *("//127.0.0.1:5005/webhooks/rest/webhook", "/%2e%2e/webhook", "/staff/../webhook", "/api/v1/..%2f..%2fwebhook"),
]
PROBED = {"GET /", "GET /health"}
"""What /readyz asks of the two, whoever asks it."""


class Inside:
    """Stands where the engine and the action server stand, and notes whatever reaches it."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        inside = self

        class Note(BaseHTTPRequestHandler):
            def _note(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                inside.reached.append(f"{self.command} {self.path}")
                self.send_response(200)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"[]")

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _note  # noqa: N815 -- so http.server calls them

            def log_message(self, format: str, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Note)


@pytest.fixture
def inside() -> Iterator[Inside]:
    inside = Inside()
    thread = threading.Thread(target=inside.server.serve_forever, args=(0.01,))
    thread.start()
    yield inside
    inside.server.shutdown()
    thread.join()
    inside.server.server_close()


@pytest.fixture
def exposed(whole_settings: Settings, inside: Inside) -> Iterator[WholeFront]:
    port = inside.server.server_port
    front = whole_front(replace(whole_settings, engine_port=port, action_port=port))
    yield front
    front.services.store.close()


def test_no_route_hands_on_what_it_was_given(exposed: WholeFront, inside: Inside) -> None:
    client, known = exposed.client(), exposed.insiders_headers()
    url = f"http://127.0.0.1:{inside.server.server_port}/webhook"
    routes = [route for route in public_routes(exposed.app) if not route[1].endswith("/live")]
    for method, path in routes:
        filled = path
        for name in ("company", "id"):
            filled = filled.replace(f"{{{name}}}", "okura")
        for headers in ({}, known, {"Host": f"127.0.0.1:{inside.server.server_port}"}):
            client.request(method, filled, params={"url": url, "next": url, "path": url}, headers=headers)
    assert set(inside.reached) <= PROBED
    assert inside.reached, "the probe, at least, must be seen"


def test_the_routes_of_rasa_are_none_of_ours(exposed: WholeFront, inside: Inside) -> None:
    client = exposed.client()
    for path in RASAS_OWN:
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = client.request(method, path, content=b'{"sender": "x", "message": "/restart"}')
            assert answer.status_code in (303, 307, 401, 404, 405), (method, path)
    assert inside.reached == []


def test_a_message_reaches_the_engine_by_its_own_door_alone(exposed: WholeFront, inside: Inside) -> None:
    client = exposed.client()
    with client:
        begun = client.post("/chat/conversations", json={"company": "okura"}).json()
        headers = {"Authorization": f"Bearer {begun['token']}"}
        client.post("/chat/messages", json={"id": "message-1", "text": "/restart"}, headers=headers)
        for _ in range(200):
            if not client.get("/chat/messages", headers=headers).json()["answering"]:
                break
    assert len(inside.reached) == 1
    assert inside.reached[0].startswith("POST /webhooks/")
