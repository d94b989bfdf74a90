"""`madoguchi keys`: the keys that encrypt the database."""

from __future__ import annotations

import typer

from bot.cli.options import opened_store, read_settings
from bot.services.actors import OPERATOR
from bot.storage.rotation import rotate

app = typer.Typer(help="The keys that encrypt the database.")


@app.callback()
def keys() -> None:
    """The keys that encrypt the database."""


@app.command("rotate")
def rotate_keys() -> None:
    """Encrypt everything anew under a fresh data key, while the desk goes on; the old key is deleted."""
    with opened_store(read_settings()) as store:
        resealed = rotate(store)
        with store.transaction() as tx:
            tx.audit.append(OPERATOR, "keys.rotated", "keys", None, {}, {"rows": resealed}, store.clock.now())
    typer.echo(f"{resealed} rows are encrypted under a new key; the old one is gone.")
