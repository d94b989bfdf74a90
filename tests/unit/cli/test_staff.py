from __future__ import annotations

import io
import re

import pytest

from bot.storage.store import SqlStore
from tests.unit.cli.conftest import Run

PASSWORD = "correct horse battery"


def add(run: Run, *more: str, email: str = "hanako@example.jp", company: str = "okura") -> str:
    done = run("staff", "add", email, "--name", "山田花子", "--company", company, "--role", "admin", *more)
    assert done.status == 0, done.err
    return done.out


def test_without_a_password_there_is_a_link(run: Run) -> None:
    out = add(run)
    assert re.search(r"72 h: http://127\.0\.0\.1:8000/staff/invitation/[\w-]{40,}\n", out)


def test_a_password_comes_from_standard_input(run: Run, desk: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert add(run, "--password-stdin") == "Signs in at http://127.0.0.1:8000/staff\n"
    with desk.transaction() as tx:
        staff = tx.staff.by_email("hanako@example.jp")
    assert staff is not None
    assert staff.password_hash.startswith("$argon2id$")


def test_the_same_address_gets_a_second_company(run: Run) -> None:
    add(run)
    add(run, company="kagoshima")
    rows = run("staff", "list", "--json").json
    assert [(row["company"], row["role"], row["status"]) for row in rows] == [
        ("kagoshima", "admin", "invited"),
        ("okura", "admin", "invited"),
    ]
    assert len(run("staff", "list", "--company", "okura", "--json").json) == 1


def test_the_list_hides_people_unless_asked_and_leaves_a_trace(run: Run, desk: SqlStore) -> None:
    add(run)
    (row,) = run("staff", "list", "--json").json
    assert (row["email"], row["name"]) == ("h***@example.jp", "山***")
    (row,) = run("staff", "list", "--reveal", "--json").json
    assert (row["email"], row["name"]) == ("hanako@example.jp", "山田花子")
    with desk.transaction() as tx:
        assert [record.action for record in tx.audit.records()] == ["staff.added", "personal.revealed"]


def test_who_is_removed_is_out(run: Run) -> None:
    add(run)
    add(run, company="kagoshima")
    assert run("staff", "remove", "hanako@example.jp", "--company", "okura").out == "Removed from okura.\n"
    assert [row["company"] for row in run("staff", "list", "--json").json] == ["kagoshima"]
    assert run("staff", "remove", "hanako@example.jp").out == "Removed from kagoshima.\n"


def test_who_is_locked_out_gets_a_link(run: Run) -> None:
    add(run)
    assert "/staff/invitation/" in run("staff", "reset", "hanako@example.jp").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "x", "--name", "a", "--company", "okura", "--role", "clerk"), "'x' is no e-mail address"),
        (("add", "a@b.jp", "--name", " ", "--company", "okura", "--role", "clerk"), "a name has 1 to 40"),
        (("add", "a@b.jp", "--name", "a", "--company", "nobody", "--role", "clerk"), "no company 'nobody'"),
        (("add", "a@b.jp", "--name", "a", "--company", "okura", "--role", "owner"), "'owner' is not one of"),
        (
            ("add", "a@b.jp", "--name", "a", "--company", "okura", "--role", "clerk", "--store", "x"),
            "okura has no store 'x'",
        ),
        (("remove", "nobody@b.jp"), "nobody of the staff has the e-mail address"),
        (("reset", "nobody@b.jp"), "nobody of the staff has the e-mail address"),
    ],
)
def test_a_wrong_use_is_told_in_one_line(run: Run, arguments: tuple[str, ...], words: str) -> None:
    done = run("staff", *arguments)
    assert done.status in (1, 2)
    assert words in done.err
    assert done.err.count("\n") == 1


def test_a_weak_password_is_refused_and_nobody_added(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    arguments = ("--name", "a", "--company", "okura", "--role", "clerk", "--password-stdin")
    done = run("staff", "add", "a@b.jp", *arguments)
    assert (done.status, done.err) == (1, "madoguchi: a password has 12 characters or more\n")
    assert run("staff", "list", "--json").json == []
