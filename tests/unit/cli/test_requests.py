from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest

from bot.privacy.request_types import Level
from bot.privacy.statuses import IdentityStatus, Status
from bot.services.records import DataSubjectRequest
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.unit.cli.conftest import Run

SHAPE = {"receipt", "company", "type", "status", "verified", "due_date", "channel", "created"}


def _request(at: datetime, number: int, company: str, status: Status = Status.OPEN) -> DataSubjectRequest:
    return DataSubjectRequest(
        id=f"id-{number}",
        receipt=f"OKU-{number}",
        company=company,
        type="disclosure",
        status=status,
        identity=IdentityStatus.VERIFIED if number == 1 else IdentityStatus.MANUAL,
        level=Level.CODE_AND_FACT,
        channel="web",
        conversation=None,
        created_at=at,
        due_date=date(2026, 6, 16),
        idempotency_key=f"key-{number}",
        details={"scope": "すべて", "form": "paper"},
        claimant={"name": "佐藤 花子", "contact": "hanako@example.jp"},
    )


@pytest.fixture(autouse=True)
def three_requests(desk: SqlStore, clock: FixedClock) -> None:
    with desk.transaction() as tx:
        tx.requests.add(_request(clock.now(), 1, "okura"))
        tx.requests.add(_request(clock.advance(seconds=1), 2, "okura", Status.IN_PROGRESS))
        tx.requests.add(_request(clock.advance(seconds=1), 3, "kagoshima"))


def _receipts(run: Run, *options: str) -> list[str]:
    return [row["receipt"] for row in run("requests", "list", "--json", *options).json]


def test_the_list_has_the_promised_shape_the_oldest_first(run: Run) -> None:
    first, second, third = run("requests", "list", "--json").json
    assert set(first) == SHAPE
    assert first == {
        "receipt": "OKU-1",
        "company": "okura",
        "type": "disclosure",
        "status": "open",
        "verified": True,
        "due_date": "2026-06-16",
        "channel": "web",
        "created": "2026-06-02T10:00:00+09:00",
    }
    assert (second["verified"], third["company"]) == (False, "kagoshima")


def test_the_list_can_be_of_one_company_and_one_status(run: Run) -> None:
    assert _receipts(run, "--company", "okura") == ["OKU-1", "OKU-2"]
    assert _receipts(run, "--status", "in_progress") == ["OKU-2"]
    assert _receipts(run, "--company", "kagoshima", "--status", "denied") == []


def test_the_table_is_for_eyes(run: Run) -> None:
    out = run("requests", "list").out
    assert "due date" in out
    assert "OKU-3" in out
    assert run("requests", "list", "--status", "denied").out == "None.\n"


def test_the_export_is_csv_with_the_same_columns(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("requests", "export", "--format", "csv").out)))
    assert [row["receipt"] for row in rows] == ["OKU-1", "OKU-2", "OKU-3"]
    assert set(rows[0]) == SHAPE


def test_one_request_is_shown_without_personal_values(run: Run, desk: SqlStore) -> None:
    (shown,) = run("requests", "show", "oku-1", "--json").json
    assert shown["claimant"] == {"name": "佐***", "contact": "h***@example.jp"}
    assert shown["details"] == {"scope": "す***", "form": "paper"}, "a choice of ours says nothing about anybody"
    assert "花子" not in run("requests", "show", "OKU-1").out
    with desk.transaction() as tx:
        assert list(tx.audit.records()) == []


def test_revealing_shows_everything_and_leaves_a_trace(run: Run, desk: SqlStore) -> None:
    (shown,) = run("requests", "show", "OKU-1", "--reveal", "--json").json
    assert shown["claimant"] == {"name": "佐藤 花子", "contact": "hanako@example.jp"}
    assert shown["details"] == {"scope": "すべて", "form": "paper"}
    with desk.transaction() as tx:
        (record,) = tx.audit.records()
    assert (record.actor, record.action, record.subject) == ("operator", "personal.revealed", "request:id-1")
    assert record.company == "okura"


def test_an_unknown_receipt_is_said_so(run: Run) -> None:
    done = run("requests", "show", "OKU-9")
    assert done.status == 1
    assert "no request has the receipt number 'OKU-9'" in done.err
