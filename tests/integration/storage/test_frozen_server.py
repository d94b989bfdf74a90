"""A PostgreSQL whose processes stand still keeps its sockets open: only who waits can end the waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg2
import pytest
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from bot.bootstrap import build_services
from bot.errors import Unavailable
from bot.services.records import Conversation
from bot.settings import Settings
from bot.storage.postgresql import SILENCE_S, Patience
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from bot.web.app import build_app
from bot.web.process import parts_of
from tests.conftest import SECRET, FixedClock
from tests.scripted_desk import ScriptedEngine

pytestmark = pytest.mark.postgres

LONGEST_S = 8.0
"""What a customer may wait for an honest answer."""
FROZEN_S = 25.0
"""By itself the server thaws after that, so that a wait without an end fails the test and doesn't hang it."""


@pytest.fixture
def impatient(postgres_url: str, vault: Vault, clock: FixedClock) -> Iterator[SqlStore]:
    """The store of a process in which a customer waits, with a connection in its pool."""
    store = SqlStore(postgres_url, vault, clock, impatient=True)
    store.ping()
    yield store
    store.close()


@contextmanager
def frozen(url: str) -> Iterator[None]:
    """Let all processes of a server stand still."""
    processes = _processes(url)
    thaw = threading.Timer(FROZEN_S, _resume, [processes])
    thaw.start()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    try:
        yield
    finally:
        thaw.cancel()
        _resume(processes)


def test_a_ping_in_vain_is_soon_given_up_and_spares_others_the_wait(impatient: SqlStore, postgres_url: str) -> None:
    with frozen(postgres_url):
        began = time.monotonic()
        with pytest.raises(Unavailable, match="said nothing"):
            impatient.ping()
        first = time.monotonic() - began
        with pytest.raises(Unavailable, match="a moment ago"):
            impatient.ping()
    assert first < SILENCE_S


def test_a_statement_in_vain_is_given_up_and_leaves_nothing(
    impatient: SqlStore, postgres_url: str, vault: Vault, clock: FixedClock
) -> None:
    now = clock.now()

    def begin_two() -> None:
        with impatient.transaction() as tx:
            tx.conversations.add(Conversation("c1", "web", "okura", now, now))
            with frozen(postgres_url):
                tx.conversations.add(Conversation("c2", "web", "okura", now, now))

    with pytest.raises(Unavailable, match="said nothing"):
        begin_two()
    thawed = SqlStore(postgres_url, vault, clock)
    with thawed.transaction(read_only=True) as tx:
        assert tx.conversations.get("c1") is None
        assert tx.conversations.get("c2") is None
    thawed.close()


def test_who_sends_a_message_is_told_to_try_again_and_then_it_is_there_once(postgres_url: str, tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path, secret_key=SECRET, database_url=postgres_url)
    parts = parts_of(build_services(settings, impatient=True), ScriptedEngine())
    with TestClient(build_app(settings, parts), base_url=settings.base_url) as browser:
        begun = browser.post("/chat/conversations", json={"company": "okura"}).json()
        headers = {"Authorization": f"Bearer {begun['token']}"}
        message = {"id": "the-only-one", "text": "こんにちは"}
        with frozen(postgres_url):
            sent = time.monotonic()
            refused = browser.post("/chat/messages", json=message, headers=headers)
            waited = time.monotonic() - sent
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert waited < LONGEST_S
        while (taken := browser.post("/chat/messages", json=message, headers=headers)).status_code == 503:
            assert time.monotonic() - sent < FROZEN_S
        assert taken.status_code == 202
        said = [one.text for one in parts.desk.transcript(begun["conversation"]) if one.author == "customer"]
    assert said == ["こんにちは"]


def test_who_keeps_nobody_waiting_waits_for_as_long_as_a_statement_takes() -> None:
    assert Patience(5, impatient=False).for_statement() is None
    assert Patience(5, impatient=False).for_greeting(is_new=False) is None
    assert Patience(5, impatient=False).for_greeting(is_new=True) == 5


def test_after_a_greeting_in_vain_there_is_a_rest_that_ends() -> None:
    moment = [100.0]
    patience = Patience(5, impatient=True, now=lambda: moment[0])
    assert not patience.rests
    patience.end()
    assert patience.rests
    moment[0] += 3
    assert not patience.rests


def _processes(url: str) -> list[psutil.Process]:
    with psycopg2.connect(make_url(url).set(drivername="postgresql").render_as_string(False)) as connection:
        server = psutil.Process(connection.info.backend_pid).parent()
    assert server is not None
    return [server, *server.children(recursive=True)]


def _resume(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.resume()
