"""docs/security.md names tests that there are, for each of the attacks."""

from __future__ import annotations

import ast

import pytest

from bot.settings import ROOT
from tests.security import listed_attacks, listed_tests

ATTACKS = 38


def test_every_attack_is_listed() -> None:
    assert listed_attacks() == list(range(1, ATTACKS + 1))


@pytest.mark.parametrize("test", listed_tests())
def test_every_test_that_is_named_is_there(test: str) -> None:
    file, *names = test.split("::")
    body: list[ast.stmt] = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    for name in names:
        kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        found = [node for node in body if isinstance(node, kinds) and node.name == name]
        assert found, f"{file} has no {name}"
        body = found[0].body


def test_every_row_names_a_test() -> None:
    lines = (ROOT / "docs/security.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.startswith(("| #", "| Attack"))]
    assert len(rows) > ATTACKS
    assert not [row for row in rows if "`tests/" not in row]
