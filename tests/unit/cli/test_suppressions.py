from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from bot.services.records import Suppression
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.unit.cli.conftest import Run


@pytest.fixture(autouse=True)
def two_suppressions(desk: SqlStore, clock: FixedClock) -> None:
    with desk.transaction() as tx:
        tx.suppressions.add(Suppression("a", "okura", "+819010000001", "phone", "marketing", clock.now()))
        since = clock.advance(minutes=1)
        tx.suppressions.add(Suppression("b", "kagoshima", "x@example.jp", "email", "marketing", since))


def test_the_list_has_the_promised_shape(run: Run) -> None:
    first, second = run("suppressions", "list", "--json").json
    assert first == {
        "company": "okura",
        "contact": "***0001",
        "means": "phone",
        "purpose": "marketing",
        "since": "2026-06-02T10:00:00+09:00",
    }
    assert second["contact"] == "x***@example.jp"
    assert len(run("suppressions", "list", "--company", "okura", "--json").json) == 1


def test_revealing_shows_the_contact_and_leaves_a_trace(run: Run, desk: SqlStore) -> None:
    first, _ = run("suppressions", "list", "--reveal", "--json").json
    assert first["contact"] == "+819010000001"
    with desk.transaction() as tx:
        assert [record.action for record in tx.audit.records()] == ["personal.revealed"]


def test_the_export_runs_nothing_in_a_spreadsheet(run: Run) -> None:
    out = run("suppressions", "export", "--format", "csv", "--reveal").out
    assert [row["contact"] for row in csv.DictReader(io.StringIO(out))] == ["'+819010000001", "x@example.jp"]


@pytest.fixture
def mailing(tmp_path: Path) -> Path:
    path = tmp_path / "mailing.csv"
    path.write_bytes("氏名,電話番号\n佐藤,090-1000-0001\n鈴木,090-1000-0002\n田中,なし\n".encode("cp932"))
    return path


def test_a_mailing_list_comes_back_without_the_suppressed(run: Run, desk: SqlStore, mailing: Path) -> None:
    done = run("suppressions", "check", str(mailing), "--company", "okura", "--means", "phone")
    assert done.out == "氏名,電話番号\n鈴木,090-1000-0002\n"
    assert done.err.splitlines()[-2:] == [
        "left out, for their contact can't be read: line 4",
        "1 kept, 1 suppressed, 1 unread",
    ]
    with desk.transaction() as tx:
        (record,) = tx.audit.records()
    assert (record.action, record.company) == ("suppressions.checked", "okura")
    assert dict(record.after) == {"kept": 1, "suppressed": 1, "unread": 1}


def test_it_is_written_as_it_was(run: Run, mailing: Path, tmp_path: Path) -> None:
    output = tmp_path / "to-send.csv"
    run("suppressions", "check", str(mailing), "--company", "okura", "--means", "sms", "--output", str(output))
    assert output.read_text(encoding="cp932").splitlines() == [
        "氏名,電話番号",
        "佐藤,090-1000-0001",
        "鈴木,090-1000-0002",
    ]


def test_the_list_itself_is_never_overwritten(run: Run, mailing: Path) -> None:
    before = mailing.read_bytes()
    named = ("--company", "okura", "--means", "phone", "--output", str(mailing))
    assert run("suppressions", "check", str(mailing), *named).status == 2
    assert mailing.read_bytes() == before
