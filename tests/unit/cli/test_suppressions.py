from __future__ import annotations

import csv
import io

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
