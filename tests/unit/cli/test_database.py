from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.services.records import Customer
from bot.settings import Settings
from bot.storage.store import SqlStore
from tests.unit.cli.conftest import Run


@pytest.fixture
def a_customer(desk: SqlStore) -> None:
    with desk.transaction() as tx:
        tx.customers.save_many([Customer("id", "okura", "O-1", "佐藤 花子", email="hanako@example.jp")])


def test_any_command_makes_the_database_on_its_first_use(run: Run, var_dir: Path) -> None:
    (var_dir / "madoguchi.db").unlink()
    assert run("requests", "list", "--json").json == []
    assert (var_dir / "madoguchi.db").exists()
    assert run("migrate").out == "The database is at the newest schema.\n"


def test_a_backup_fills_an_empty_desk(
    run: Run, a_customer: None, desk: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run("backup", str(tmp_path / "desk.gz"))
    assert done.status == 0, done.err
    kept = gzip.decompress((tmp_path / "desk.gz").read_bytes()).decode()
    assert "O-1" in kept
    assert "花子" not in kept
    assert "\\u82b1" not in kept

    monkeypatch.setenv("VAR_DIR", str(tmp_path / "another"))
    assert "rows restored" in run("restore", str(tmp_path / "desk.gz")).out
    assert "holds" in run("audit", "verify").out

    again = run("restore", str(tmp_path / "desk.gz"))
    assert again.status == 1
    assert "the database has data already" in again.err


def test_what_is_no_backup_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.gz").write_text("Dear Sir")
    done = run("restore", str(tmp_path / "letter.gz"))
    assert done.status == 1
    assert "letter.gz can't be read as a backup" in done.err


def test_keys_are_rotated_and_the_chain_tells(run: Run, a_customer: None, desk: SqlStore) -> None:
    done = run("keys", "rotate")
    assert done.status == 0, done.err
    with desk.transaction() as tx:
        customer = tx.customers.get("id")
        assert customer is not None
        assert customer.name == "佐藤 花子"
        assert [record.action for record in tx.audit.records()] == ["keys.rotated"]


def test_a_chain_that_was_tampered_with_fails_and_names_the_record(
    run: Run, desk: SqlStore, settings: Settings
) -> None:
    with desk.transaction() as tx:
        for number in (1, 2):
            tx.audit.append("desk", "test", f"request:{number}", "okura", {}, {}, desk.clock.now())
    assert run("audit", "verify").out == "The audit chain holds: 2 records.\n"

    engine = create_engine(settings.database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE audit_records SET action = 'other' WHERE seq = 2"))
    engine.dispose()
    done = run("audit", "verify")
    assert done.status == 1
    assert "the audit chain is broken" in done.err
    assert "2" in done.err
