"""`madoguchi audit`: the chain of what was done."""

from __future__ import annotations

import typer

from bot.cli.options import opened_store, read_settings
from bot.services.jobs import check_chain

app = typer.Typer(help="The hash chain of audit records.")


@app.callback()
def audit() -> None:
    """The hash chain of audit records."""


@app.command("verify")
def verify() -> None:
    """Check the chain, its count and its head; name the first bad record."""
    with opened_store(read_settings()) as store:
        check_chain(store)
        with store.transaction(read_only=True) as tx:
            count = tx.audit.last_seq()
    typer.echo(f"The audit chain holds: {count} record{'' if count == 1 else 's'}.")
