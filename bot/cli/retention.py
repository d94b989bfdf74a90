"""`madoguchi retention`: forgetting on time."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.options import opened_store, read_settings
from bot.services.clock import SystemClock
from bot.services.retention import Retention

app = typer.Typer(help="Delete what is older than the settings allow.")


@app.callback()
def retention() -> None:
    """Delete what is older than the settings allow."""


@app.command("run")
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only; delete nothing.")] = False,
) -> None:
    """Delete what is due now and say how much of what; the running desk does the same every hour."""
    settings = read_settings()
    with opened_store(settings) as store:
        deleted = Retention(store, SystemClock(), settings).run(dry_run)
    for kind, count in deleted.items():
        typer.echo(f"{'would delete' if dry_run else 'deleted'} {count:>6} {kind.replace('_', ' ')}")
