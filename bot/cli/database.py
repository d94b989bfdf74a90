"""`madoguchi migrate`, `backup` and `restore`: the database as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import opened_store, read_settings
from bot.storage.backup import backup, restore
from bot.storage.migrate import migrate

app = typer.Typer()

WhereTo = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="Where the backup goes.")]
Backup = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="What `backup` wrote.")]


@app.command("migrate")
def migrate_database() -> None:
    """Bring the database to the newest schema; safe to run twice or from two machines at once."""
    migrate(read_settings().database)
    typer.echo("The database is at the newest schema.")


@app.command("backup")
def backup_database(file: WhereTo) -> None:
    """Write a backup while the desk goes on; personal values in it stay encrypted under SECRET_KEY."""
    with opened_store(read_settings()) as store:
        rows = backup(store, file)
    typer.echo(f"{rows} rows written to {file}. To restore it you also need SECRET_KEY and erasures.log of VAR_DIR.")


@app.command("restore")
def restore_database(file: Backup) -> None:
    """Fill an empty database from a backup, then erase again what was erased since."""
    with opened_store(read_settings()) as store:
        rows = restore(store, file)
    typer.echo(f"{rows} rows restored from {file}.")
