from __future__ import annotations

import pytest

from bot.errors import Unavailable
from tests.unit.cli.conftest import Run

COMMANDS = [
    "companies list",
    "policy show",
    "policy check",
    "policy ask",
    "policy diff",
    "customers import",
    "requests list",
    "requests show",
    "requests export",
    "suppressions list",
    "suppressions export",
    "handoffs list",
    "outbox list",
    "outbox retry",
    "audit verify",
    "keys rotate",
    "retention run",
    "migrate",
    "backup",
    "restore",
    "unanswered",
    "run",
    "train",
    "work",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.status == 0
    assert done.out.startswith(f"Usage: madoguchi {command}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "No such command 'nothing'"),
        (["requests", "list", "--status", "lost"], "'--status': 'lost' is not one of 'open', "),
        (["requests", "list", "--company", "ghost"], "no company 'ghost'; there are kagoshima, okura"),
        (["suppressions", "export"], "Missing option '--format'"),
        (["restore", "/nowhere/backup.gz"], "does not exist"),
        (["requests", "show"], "Missing argument 'receipt'"),
        (["requests"], "Missing command"),
        (["policy"], "Missing command"),
    ],
)
def test_a_wrong_use_is_one_line_and_status_2(run: Run, arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert done.status == 2
    assert said in done.err
    assert done.err.startswith("madoguchi: ")
    assert done.err.count("\n") == 1
    assert done.out == ""


def test_without_a_command_it_lists_them(run: Run) -> None:
    done = run()
    assert done.status == 0
    assert "requests" in done.out


def test_a_failure_is_one_line_and_status_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PORT", "eighty")
    done = run("companies", "list")
    assert done.status == 1
    assert done.err.startswith("madoguchi: WEB_PORT='eighty': ")
    assert done.err.count("\n") == 1


def test_a_database_of_another_key_is_told_with_its_mend(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "another secret key, 32 characters or more")
    done = run("requests", "list")
    assert done.status == 1
    assert "SECRET_KEY is not the one this database was encrypted with" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("error", [RuntimeError("canary"), ZeroDivisionError("canary")])
def test_an_error_of_our_own_shows_no_stack_and_no_values(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("bot.cli.companies.read_settings", fail)
    done = run("companies", "list")
    assert done.status == 1
    assert f"madoguchi: an error in Madoguchi itself ({type(error).__name__})" in done.err
    assert "Traceback" not in done.out + done.err
    assert "canary" not in done.out + done.err


def test_an_error_of_several_lines_becomes_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise Unavailable("the database\nis gone")

    monkeypatch.setattr("bot.cli.companies.read_settings", fail)
    assert run("companies", "list").err == "madoguchi: the database is gone\n"


def test_companies_are_listed_with_the_version_of_their_policy(run: Run) -> None:
    rows = run("companies", "list", "--json").json
    assert [(row["id"], row["name"]) for row in rows] == [
        ("kagoshima", "鹿児島日産自動車株式会社"),
        ("okura", "有限会社大蔵自動車"),
    ]
    assert all(row["policy_version"] and "web" in row["channels"] for row in rows)
    assert "有限会社大蔵自動車" in run("companies", "list").out
