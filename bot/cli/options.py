"""Options that several commands share, and what they open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Annotated

import typer

from bot.bootstrap import build_companies, build_store
from bot.logging import configure_logging
from bot.settings import Settings, load_settings
from bot.storage.migrate import migrate
from bot.storage.store import SqlStore

Json = Annotated[bool, typer.Option("--json", help="Print a JSON array.")]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show personal values in full; this is audited.")]
CompanyId = Annotated[str | None, typer.Option("--company", metavar="ID", help="Of this company alone.")]


class Format(str, Enum):
    """What an export can be."""

    CSV = "csv"


ExportFormat = Annotated[Format, typer.Option("--format", help="The only one is csv.")]


def read_settings() -> Settings:
    """Read the settings and set up the logs of this command."""
    settings = load_settings()
    configure_logging(settings)
    return settings


@contextmanager
def opened_store(settings: Settings) -> Iterator[SqlStore]:
    """Open the database, at its newest schema, for the length of a command."""
    migrate(settings.database)
    store = build_store(settings)
    try:
        yield store
    finally:
        store.close()


def known_company(settings: Settings, company: str | None) -> str | None:
    """Refuse a company that isn't there: a typing error must not look like an empty list."""
    ids = build_companies(settings).ids()
    if company is not None and company not in ids:
        raise typer.BadParameter(f"no company {company!r}; there are {', '.join(ids)}", param_hint="--company")
    return company
