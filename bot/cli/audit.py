"""`madoguchi audit`: the chain of what was done."""

from __future__ import annotations

import typer

from bot.cli.options import opened_store, read_settings
from bot.errors import MadoguchiError

app = typer.Typer(help="The hash chain of audit records.")


class ChainBroken(MadoguchiError):
    """The audit chain was tampered with."""


@app.callback()
def audit() -> None:
    """The hash chain of audit records."""


@app.command("verify")
def verify() -> None:
    """Check the chain, its count and its head; name the first bad record."""
    with opened_store(read_settings()) as store, store.transaction(read_only=True) as tx:
        bad = tx.audit.first_bad()
        count = sum(1 for _ in tx.audit.records()) if bad is None else 0
    if bad is not None:
        raise ChainBroken(f"the audit chain is broken: {bad}")
    typer.echo(f"The audit chain holds: {count} record{'' if count == 1 else 's'}.")
