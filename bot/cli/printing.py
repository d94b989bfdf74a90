"""Lists as operators and their scripts want them: a table, JSON or CSV."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import typer
from tabulate import tabulate

from bot.privacy.due_dates import JST
from bot.services.spreadsheet import write_csv

Row = Mapping[str, Any]


def print_rows(rows: Sequence[Row], columns: Sequence[str], *, as_json: bool) -> None:
    """Print rows as a table for eyes or as a JSON array for scripts."""
    if as_json:
        typer.echo(json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=2))
    elif rows:
        cells = [[_cell(row[column]) for column in columns] for row in rows]
        typer.echo(tabulate(cells, headers=[_title(column) for column in columns], disable_numparse=True))
    else:
        typer.echo("None.")


def print_csv(rows: Sequence[Row], columns: Sequence[str]) -> None:
    """Print rows as CSV on standard output."""
    write_csv(sys.stdout, columns, [[_cell(row[column]) for column in columns] for row in rows])


def in_japan(moment: datetime | None) -> str:
    """Write a moment as ISO 8601 in Japan's time, to the second; empty if there is none."""
    return moment.astimezone(JST).isoformat(timespec="seconds") if moment else ""


def _title(column: str) -> str:
    return column.replace("_", " ")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)
