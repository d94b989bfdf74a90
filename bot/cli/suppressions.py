"""`madoguchi suppressions`: who must not be contacted."""

from __future__ import annotations

from typing import Any

import typer

from bot.cli.options import CompanyId, ExportFormat, Json, Reveal, known_company, opened_store, read_settings
from bot.cli.printing import in_japan, print_csv, print_rows
from bot.cli.revealing import note_revealed
from bot.privacy.redaction import redact_contact
from bot.services.records import Suppression

app = typer.Typer(help="Who must not be contacted, by which means, for which purpose.")

COLUMNS = ("company", "contact", "means", "purpose", "since")


@app.command("list")
def list_suppressions(company: CompanyId = None, reveal: Reveal = False, as_json: Json = False) -> None:
    """List who must not be contacted, the oldest first."""
    print_rows(_rows(company, reveal), COLUMNS, as_json=as_json)


@app.command("export")
def export_suppressions(export_format: ExportFormat, company: CompanyId = None, reveal: Reveal = False) -> None:
    """Print the list as CSV that is safe to open in a spreadsheet."""
    print_csv(_rows(company, reveal), COLUMNS)


def _rows(company: str | None, reveal: bool) -> list[dict[str, Any]]:
    settings = read_settings()
    wanted = known_company(settings, company)
    with opened_store(settings) as store, store.transaction(read_only=not reveal) as tx:
        if reveal:
            note_revealed(tx, "suppressions", wanted)
        return [_row(suppression, reveal) for suppression in tx.suppressions.find(wanted)]


def _row(suppression: Suppression, reveal: bool) -> dict[str, Any]:
    contact = suppression.contact or ""  # None: erased, only its keyed hash is left.
    return {
        "company": suppression.company,
        "contact": contact if reveal else redact_contact(contact),
        "means": suppression.means,
        "purpose": suppression.purpose,
        "since": in_japan(suppression.since),
    }
