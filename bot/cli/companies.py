"""`madoguchi companies`: whose desk this is."""

from __future__ import annotations

import typer

from bot.bootstrap import build_companies
from bot.cli.options import Json, read_settings
from bot.cli.printing import print_rows

app = typer.Typer(help="The companies whose desk this is.")

COLUMNS = ("id", "name", "channels", "policy_version")


@app.callback()
def companies() -> None:
    """The companies whose desk this is."""


@app.command("list")
def list_companies(as_json: Json = False) -> None:
    """List id, name, channels and the version of the policy."""
    library = build_companies(read_settings())
    rows = [
        {
            "id": company.id,
            "name": company.name,
            "channels": list(company.channels),
            "policy_version": company.policy.version,
        }
        for company in map(library.get, library.ids())
    ]
    print_rows(rows, COLUMNS, as_json=as_json)
