from __future__ import annotations

import re

import pytest

from bot.storage.store import SqlStore
from tests.unit.cli.conftest import Run


def test_a_machine_is_added_listed_and_revoked(run: Run, desk: SqlStore) -> None:
    hook = "https://help.example/hook?key=x"
    added = run("machines", "add", "社内デスク", "--company", "okura", "--scope", "work", "--webhook", hook)
    assert added.status == 0
    identifier, key = re.findall(r"^(?:id|key): +(\S+)$", added.out, re.MULTILINE)
    assert "whsec_" in added.out

    listed = run("machines", "list", "--json")
    (row,) = listed.json
    assert (row["id"], row["name"], row["scope"], row["revoked"]) == (identifier, "社内デスク", "work", "")
    assert row["webhook"] == "https://help.example/hook"
    assert key not in listed.out
    assert run("machines", "list", "--company", "kagoshima", "--json").json == []

    assert run("machines", "revoke", identifier).status == 0
    assert run("machines", "list", "--json").json[0]["revoked"]
    again = run("machines", "revoke", identifier)
    assert (again.status, "machines list" in again.err) == (1, True)
    with desk.transaction(read_only=True) as tx:
        assert [record.action for record in tx.audit.records()] == ["machine.added", "machine.revoked"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("a", "--company", "nobody"), "nobody"),
        ((" ", "--company", "okura"), "name"),
        (("a", "--company", "okura", "--scope", "all"), "--scope"),
        (("a", "--company", "okura", "--webhook", "ftp://x"), "https://"),
        (("a",), "--company"),
    ],
)
def test_a_wrong_use_is_named_and_adds_nothing(run: Run, arguments: tuple[str, ...], named: str) -> None:
    done = run("machines", "add", *arguments)
    assert done.status != 0
    assert named in done.err
    assert run("machines", "list", "--json").json == []
