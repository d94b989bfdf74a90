"""A made-up person through every path, those that fail too: in sealed columns, and nowhere else (attack 36)."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.bootstrap import build_services
from bot.delivery.worker import deliver_due
from bot.privacy.handoff import HandoffReason
from bot.services.clock import SystemClock
from bot.services.records import OutboundMessage
from bot.settings import Settings
from bot.storage.tables import metadata
from bot.web.app import build_app
from bot.web.process import parts_of
from bot.worker import repeat
from tests.conftest import SECRET
from tests.scripted_desk import ScriptedEngine
from tests.unit.web.public_routes import public_routes
from tests.unit.web.whole_front import WholeFront

NAME, EMAIL, PHONE, PLATE, CODE = (
    "金糸雀太郎",
    "kanariya.taro@example.jp",
    "090-7777-1234",
    "山形 599 か 77-11",
    "73519264",
)
WORDS = f"{NAME}です。{EMAIL} か {PHONE} へ。車は {PLATE}、番号は {CODE}"
CANARIES = (NAME, "金糸雀", EMAIL, "kanariya", PHONE, "9077771234", "7777-1234", PLATE, "77-11", CODE)


class Stumbling(ScriptedEngine):
    """Breaks over what it is asked, quoting it, as other people's code does."""

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> Any:
        raise ValueError(f"can't read {text!r} of {NAME} <{EMAIL}>")


class BrokenSender:
    """Breaks over the recipient, quoting it."""

    async def send(self, message: OutboundMessage) -> None:
        raise RuntimeError(f"550 {message.recipient} ({NAME}) unknown: {message.text}")


@pytest.fixture
def front(tmp_path: Path, sqlite_url: str) -> Iterator[WholeFront]:
    settings = Settings(secret_key=SECRET, var_dir=tmp_path, database_url=sqlite_url, outbox_tries=1)
    services = build_services(settings)
    yield WholeFront(build_app(settings, parts_of(services, Stumbling())), services)
    services.store.close()


def test_nobody_can_be_read_from_what_the_desk_tells_of_itself(
    front: WholeFront, logs: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = TestClient(front.app, base_url=front.services.settings.base_url, client=("127.0.0.1", 1))
    with near:
        _through_the_chat(near, monkeypatch)
    _through_every_route(near, front)
    _through_the_outbox(front)
    asyncio.run(_through_the_worker())
    events = {line.split('"event": "')[1].split('"')[0] for line in logs.getvalue().splitlines()}
    assert {"web.answered", "web.answer_failed", "web.failed", "delivery_broke", "worker.failed"} <= events
    told = logs.getvalue() + near.get("/metrics").text
    assert [canary for canary in CANARIES if canary in told or ascii(canary)[1:-1] in told] == []


def test_in_the_database_it_is_sealed(front: WholeFront, logs: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    with TestClient(front.app, base_url=front.services.settings.base_url) as client:
        _through_the_chat(client, monkeypatch)
    _through_the_outbox(front)
    with front.services.store.session() as session:
        rows = {table: session.connection.execute(select(table)).mappings().all() for table in metadata.sorted_tables}
    assert rows[metadata.tables["messages"]]
    assert rows[metadata.tables["outbox"]][0]["status"] == "dead"
    found = [
        f"{table.name}.{name}"
        for table, some in rows.items()
        for row in some
        for name, value in row.items()
        if any(canary in str(value) for canary in CANARIES)
    ]
    assert found == []


def _through_the_chat(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent, answered by an engine that breaks, and refused by a fault of our own."""
    begun = client.post("/chat/conversations", json={"company": "okura", "name": NAME}).json()
    headers = {"Authorization": f"Bearer {begun['token']}", "X-Name": EMAIL}
    assert client.post("/chat/messages", json={"id": "message-1", "text": WORDS}, headers=headers).status_code == 202
    for _ in range(20):
        client.get("/chat/messages", headers=headers)
    with monkeypatch.context() as patch:
        patch.setattr("bot.services.converse.mask_sensitive", _break)
        broken = client.post("/chat/messages", json={"id": "message-2", "text": WORDS}, headers=headers)
    assert broken.status_code == 500
    assert broken.json() == {"error": "internal"}


def _break(text: str) -> None:
    raise ValueError(text)


def _through_every_route(client: TestClient, front: WholeFront) -> None:
    """In path, query, form, JSON and headers of all that there is, let in and not."""
    known = front.insiders_headers()
    for method, path in public_routes(front.app):
        if path.endswith("/live"):
            continue
        filled = path.replace("{company}", "okura")
        while "{" in filled:
            filled = f"{filled.partition('{')[0]}{EMAIL}{filled.partition('}')[2]}"
        fields = {"q": NAME, "email": EMAIL, "password": CODE, "text": WORDS, "code": CODE, "name": NAME}
        for headers in ({}, known):
            noted = {**headers, "User-Agent": EMAIL, "Referer": f"https://x.example/{EMAIL}", "Idempotency-Key": CODE}
            client.request(method, filled, params=fields, headers=noted, json=fields)
            if method == "POST":
                client.request(method, filled, headers=noted, data=fields)


def _through_the_outbox(front: WholeFront) -> None:
    """Given up, the way out having quoted the recipient."""
    store, clock = front.services.store, SystemClock()
    with store.transaction() as tx:
        now = clock.now()
        tx.outbox.add(OutboundMessage("x1", "okura", "email", EMAIL, NAME, WORDS, "key-x1", now))
    asyncio.run(deliver_due(store, {"email": BrokenSender()}, clock, front.services.settings))


async def _through_the_worker() -> None:
    """A job that fails over somebody."""
    stop = asyncio.Event()

    async def job() -> None:
        stop.set()
        raise LookupError(f"{HandoffReason.LEAK.value}: {WORDS}")

    await repeat("a job", 0.01, job, stop)
