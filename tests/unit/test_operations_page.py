"""docs/operations.md names commands, settings and figures that there are."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.settings import ROOT, Settings
from tests.conftest import SECRET
from tests.unit.cli.conftest import Run, run, var_dir
from tests.unit.web.whole_front import whole_front

__all__ = ["run", "var_dir"]

PAGES = [ROOT / "docs" / name for name in ("operations.md", "machines.md")]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
COMMANDS = sorted(set(re.findall(r"madoguchi ([a-z]+(?: [a-z]+)?)(?= [A-Z\"-]|[`\n]| /| …| register)", TEXT)))
SETTINGS = sorted(set(re.findall(r"\b[A-Z]{3,}(?:_[A-Z]+)+\b", TEXT)))
FIGURES = re.findall(r"^\| `([a-z_]+)[{`]", TEXT.partition("| Figure")[2].partition("\n\n")[0], re.MULTILINE)
PLACES = {"CUSTOMER_NO"}
"""What stands for a value in an example."""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_there(run: Run, command: str) -> None:
    done = run(*command.split(), "--help")
    assert (done.status, "Usage:" in done.out) == (0, True)


def test_every_setting_is_there() -> None:
    known = {item.metadata["name"] for item in fields(Settings)}
    assert set(SETTINGS) - known - PLACES == set()


def test_every_figure_is_there(sqlite_url: str, tmp_path: Path) -> None:
    front = whole_front(Settings(secret_key=SECRET, var_dir=tmp_path, database_url=sqlite_url))
    told = TestClient(front.app, client=("127.0.0.1", 1)).get("/metrics").text
    front.services.store.close()
    assert len(FIGURES) > 5
    assert [name for name in FIGURES if f"# TYPE madoguchi_{name}" not in told] == []
