"""Options that several commands share, and what they open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Annotated

import typer

from bot.bootstrap import build_companies, build_store
from bot.knowledge.library import PolicyLibrary
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
    library = build_companies(settings)
    if company is not None and company not in library.ids():
        raise no_company(library, company, "--company")
    return company


def no_company(library: PolicyLibrary, company: str, param_hint: str) -> typer.BadParameter:
    """Make the error for a company that isn't there, naming the file that a half-made one lacks."""
    if lacking := library.missing_file(company):
        return typer.BadParameter(f"{company!r} is no company yet: {lacking} is missing", param_hint=param_hint)
    known = ", ".join(library.ids())
    return typer.BadParameter(f"no company {company!r}; there are {known}", param_hint=param_hint)
