from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.storage.store import SqlStore
from tests.records import customer
from tests.unit.cli.conftest import Run

HEADER = "company,customer_no,name,name_kana,email,phone,postal_code,address,birth_date,plates,updated_at"
GOOD = "okura,X-1,見本 太郎,ミホン タロウ,taro@example.jp,090-1000-0099,,,1980-01-01,山形 500 あ 12-34,2026-01-01"
BAD = "okura,X-2,見本 次郎,,not an address,,,,,,"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return tmp_path / "register.csv"


def _names(desk: SqlStore, *numbers: str) -> list[str]:
    with desk.transaction() as tx:
        return sorted(customer.name for customer in tx.customers.get_many_by_no("okura", numbers).values())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_register_is_imported_and_a_second_time_updated(
    run: Run, desk: SqlStore, register: Path, encoding: str
) -> None:
    register.write_text(f"{HEADER}\n{GOOD}\n", encoding=encoding)
    assert run("customers", "import", str(register)).out == "1 added, 0 updated, 0 refused\n"
    assert run("customers", "import", str(register)).out == "0 added, 1 updated, 0 refused\n"
    assert _names(desk, "X-1") == ["見本 太郎"]
    with desk.transaction() as tx:
        assert [dict(record.after) for record in tx.audit.records()] == [
            {"added": 1, "updated": 0, "refused": 0},
            {"added": 0, "updated": 1, "refused": 0},
        ]


def test_one_refused_line_refuses_all_and_is_named(run: Run, desk: SqlStore, register: Path) -> None:
    register.write_text(f"{HEADER}\n{GOOD}\n{BAD}\n", encoding="utf-8")
    done = run("customers", "import", str(register))
    assert done.status == 1
    assert done.out == "line 3: email is not one, like taro@example.jp\n0 added, 0 updated, 1 refused\n"
    assert "nothing was imported" in done.err
    assert _names(desk, "X-1") == []


def test_partial_takes_the_good_lines(run: Run, desk: SqlStore, register: Path) -> None:
    register.write_text(f"{HEADER}\n{BAD}\n{GOOD}\n", encoding="utf-8")
    done = run("customers", "import", str(register), "--partial")
    assert done.status == 0
    assert "line 2: " in done.out
    assert _names(desk, "X-1", "X-2") == ["見本 太郎"]


def test_lines_of_other_and_unknown_companies_are_refused(run: Run, register: Path) -> None:
    register.write_text(f"{HEADER}\n{GOOD}\nghost,1,見本,,,,,,,,\n", encoding="utf-8")
    assert "line 3: company ghost is unknown" in run("customers", "import", str(register)).out
    assert (
        "line 2: company okura is not kagoshima"
        in run("customers", "import", str(register), "--company", "kagoshima").out
    )


def test_a_file_with_another_header_is_named(run: Run, register: Path) -> None:
    register.write_text("name,email\n", encoding="utf-8")
    done = run("customers", "import", str(register))
    assert done.status == 1
    assert "the header line lacks company" in done.err


@pytest.mark.parametrize("company", ["okura", "kagoshima"])
def test_the_made_up_register_has_no_refused_line(run: Run, company: str) -> None:
    made_up = ROOT / "data" / "demo" / f"customers-{company}.csv"
    assert run("customers", "import", str(made_up), "--company", company).out == "12 added, 0 updated, 0 refused\n"


def test_a_customer_is_erased_after_asking(run: Run, desk: SqlStore) -> None:
    with desk.transaction() as tx:
        tx.customers.save_many([customer("k1")])
    unknown = run("customers", "erase", "nobody", "--company", "okura", "--yes")
    assert (unknown.status, "no customer" in unknown.err) == (1, True)
    erased = run("customers", "erase", "no-k1", "--company", "okura", "--yes")
    assert (erased.status, erased.out) == (0, "Erased, with 0 conversations, 0 requests and 0 messages.\n")
    with desk.transaction(read_only=True) as tx:
        assert tx.customers.count() == 0
