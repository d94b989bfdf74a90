"""`madoguchi suppressions`: who must not be contacted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import CompanyId, ExportFormat, Json, Reveal, known_company, opened_store, read_settings
from bot.cli.printing import in_japan, print_csv, print_rows
from bot.cli.revealing import note_revealed
from bot.privacy.redaction import redact_contact
from bot.services.actors import OPERATOR
from bot.services.mailing_lists import CheckedList, Means, Purpose, check_mailing_list, write_mailing_list
from bot.services.records import Suppression

app = typer.Typer(help="Who must not be contacted, by which means, for which purpose.")

COLUMNS = ("company", "contact", "means", "purpose", "since")

_SHOWN_LINES = 20

MailingList = Annotated[Path, typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, help="UTF-8 or CP932.")]


@app.command("list")
def list_suppressions(company: CompanyId = None, reveal: Reveal = False, as_json: Json = False) -> None:
    """List who must not be contacted, the oldest first."""
    print_rows(_rows(company, reveal), COLUMNS, as_json=as_json)


@app.command("export")
def export_suppressions(export_format: ExportFormat, company: CompanyId = None, reveal: Reveal = False) -> None:
    """Print the list as CSV that is safe to open in a spreadsheet."""
    print_csv(_rows(company, reveal), COLUMNS)


@app.command("check")
def check_list(
    file: MailingList,
    company: Annotated[str, typer.Option("--company", metavar="ID", help="Whose mailing it is.")],
    means: Annotated[Means, typer.Option("--means", help="How it goes out.")],
    purpose: Annotated[Purpose, typer.Option("--purpose", help="What it is.")] = Purpose.MARKETING,
    column: Annotated[list[str] | None, typer.Option("--column", help="A column that holds the contact.")] = None,
    output: Annotated[Path | None, typer.Option("--output", dir_okay=False, help="Where to write it.")] = None,
) -> None:
    """Give a mailing list back without whoever must not get it, erased customers among them."""
    settings = read_settings()
    known_company(settings, company)
    if output is not None and output.resolve() == file.resolve():
        raise typer.BadParameter("the list itself stays as it is: name another file", param_hint="--output")
    with opened_store(settings) as store:
        checked = check_mailing_list(store, file, company, means, purpose, column or ())
        counts = {name: len(getattr(checked, name)) for name in ("kept", "suppressed", "unread")}
        with store.transaction() as tx:
            tx.audit.append(OPERATOR, "suppressions.checked", "suppressions", company, {}, counts, store.clock.now())
    if output is None:
        write_mailing_list(sys.stdout, checked)
    else:
        with output.open("w", encoding=checked.encoding, newline="") as target:
            write_mailing_list(target, checked)
    _tell(checked)


def _tell(checked: CheckedList) -> None:
    """Say on standard error what was left out: lines by number, nobody by name."""
    if checked.unread:
        numbers = ", ".join(str(number) for number in checked.unread[:_SHOWN_LINES])
        more = " …" if len(checked.unread) > _SHOWN_LINES else ""
        typer.echo(f"left out, for their contact can't be read: line {numbers}{more}", err=True)
    typer.echo(
        f"{len(checked.kept)} kept, {len(checked.suppressed)} suppressed, {len(checked.unread)} unread", err=True
    )


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
