"""CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""After OWASP's page on CSV injection."""


def formula_safe(cell: str) -> str:
    """Quote with an apostrophe what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell


def write_csv(target: TextIO, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a header line and rows, each cell made safe."""
    write_rows(target, [columns])
    write_rows(target, rows)


def write_rows(target: TextIO, rows: Iterable[Sequence[str]]) -> None:
    """Write rows, each cell made safe."""
    writer = csv.writer(target, lineterminator="\n")
    writer.writerows([formula_safe(cell) for cell in row] for row in rows)
