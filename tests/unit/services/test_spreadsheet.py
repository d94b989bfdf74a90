from __future__ import annotations

import csv
import io

import pytest

from bot.services.spreadsheet import formula_safe, write_csv


@pytest.mark.parametrize("cell", ["=1+1", "+81901234", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_quoted(cell: str) -> None:
    assert formula_safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "okura", "1=1", "2026-06-16", "山田＝太郎"])
def test_anything_else_stays(cell: str) -> None:
    assert formula_safe(cell) == cell


def test_cells_with_commas_quotes_and_lines_come_back_whole() -> None:
    rows = [["a,b", 'say "x"', "two\nlines"], ["=cmd|' /C calc'!A0", "", "山形"]]
    target = io.StringIO()
    write_csv(target, ("one", "two", "three"), rows)
    read = list(csv.reader(io.StringIO(target.getvalue())))
    assert read == [["one", "two", "three"], rows[0], ["'=cmd|' /C calc'!A0", "", "山形"]]
