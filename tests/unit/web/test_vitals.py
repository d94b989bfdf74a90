"""The figures that an operator alarms on."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from bot.errors import Unavailable
from bot.services.jobs import HEARTBEAT, noted
from bot.services.ports.operation import JobRun
from bot.settings import Settings
from bot.web.app import Parts, build_app
from tests.conftest import FixedClock
from tests.records import conversation, data_subject_request, handoff, message, outbound


@pytest.fixture
def near(settings: Settings, parts: Parts) -> TestClient:
    """This machine, which may read the figures."""
    return TestClient(build_app(settings, parts), client=("127.0.0.1", 1))


def told(near: TestClient) -> dict[str, float]:
    lines = near.get("/metrics").text.splitlines()
    pairs = (line.rpartition(" ") for line in lines if line.startswith("madoguchi_"))
    return {name.removeprefix("madoguchi_"): float(value) for name, _, value in pairs}


def test_what_may_have_to_wake_somebody_is_told(near: TestClient, parts: Parts, clock: FixedClock) -> None:
    with parts.store.transaction() as tx:
        tx.conversations.add(conversation())
        tx.handoffs.add(handoff())
        tx.outbox.add(outbound())
        tx.requests.add(data_subject_request("r1", due_date=(clock.now() - timedelta(days=3)).date()))
        tx.conversations.add_message(message())
        tx.operation.note_job(JobRun("audit_check", clock.now(), ok=False))
    ran = clock.now().timestamp()
    clock.advance(minutes=10)
    figures = told(near)
    expected = {
        "database_up": 1,
        'outbox_messages{status="waiting"}': 1,
        'outbox_messages{status="dead"}': 0,
        "outbox_overdue_seconds": 600,
        "handoffs_waiting": 1,
        "handoff_oldest_seconds": 600,
        "requests_running": 1,
        "requests_overdue": 1,
        "messages_unanswered": 1,
        'job_ok{job="audit_check"}': 0,
        'job_last_run_timestamp_seconds{job="audit_check"}': ran,
    }
    assert {name: figures[name] for name in expected} == expected


def test_a_worker_that_is_silent_is_told(near: TestClient, parts: Parts, clock: FixedClock) -> None:
    assert told(near)["worker_silent_seconds"] == math.inf
    noted(parts.store, clock, HEARTBEAT, lambda: None)()
    clock.advance(seconds=70)
    assert told(near)["worker_silent_seconds"] == 70


def test_how_long_the_engine_takes_is_told(near: TestClient) -> None:
    assert "# TYPE madoguchi_engine_seconds histogram" in near.get("/metrics").text


def test_without_the_database_that_is_what_is_told(
    near: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise Unavailable("the database is gone")

    monkeypatch.setattr(parts.store, "transaction", gone)
    figures = told(near)
    assert figures["database_up"] == 0
    assert "requests_overdue" not in figures


def test_no_figure_names_anybody(near: TestClient, parts: Parts) -> None:
    with parts.store.transaction() as tx:
        tx.conversations.add(conversation())
        tx.conversations.add_message(message(text="私は山田太郎、090-1234-5678です"))
        tx.outbox.add(outbound())
    near.get("/chat/山田太郎?name=山田太郎")
    text = near.get("/metrics").text
    assert not [word for word in ("山田", "090-1234", "hanako", "%E5%B1%B1") if word in text]
