"""`madoguchi customers`: the register of customers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from bot.bootstrap import build_companies
from bot.cli.options import CompanyId, known_company, opened_store, read_settings
from bot.errors import MadoguchiError
from bot.services.actors import OPERATOR
from bot.services.erasure import Erasure
from bot.services.register import ImportReport, import_customers

app = typer.Typer(help="The register of customers.")

Register = Annotated[Path, typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, help="UTF-8 or CP932.")]
Partial = Annotated[bool, typer.Option("--partial", help="Take the good lines even if others are refused.")]


class LinesRefused(MadoguchiError):
    """Some lines could not be taken, so none was."""


@app.callback()
def customers() -> None:
    """The register of customers."""


@app.command("import")
def import_register(file: Register, company: CompanyId = None, partial: Partial = False) -> None:
    """Add and update customers from a CSV file; all lines or none, unless --partial is given."""
    settings = read_settings()
    wanted, library = known_company(settings, company), build_companies(settings)
    companies = {one: library.get(one).stores for one in library.ids()}
    with opened_store(settings) as store, tqdm(total=_lines(file), unit=" lines", disable=None) as bar:

        def advance(lines: int) -> None:
            bar.update(lines)

        report = import_customers(store, file, wanted, partial, companies=companies, progress=advance)
        if report.kept:
            counts = {"added": report.added, "updated": report.updated, "refused": len(report.refused)}
            with store.transaction() as tx:
                tx.audit.append(OPERATOR, "customers.imported", "customers", wanted, {}, counts, store.clock.now())
    _tell(report)


@app.command("erase")
def erase_customer(
    customer_no: Annotated[str, typer.Argument(metavar="CUSTOMER_NO", help="As in the register.")],
    company: Annotated[str, typer.Option("--company", metavar="ID", help="Whose customer it is.")],
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Erase a customer with conversations, requests and messages; suppressions go on as keyed hashes."""
    settings = read_settings()
    known_company(settings, company)
    if not yes:
        typer.confirm(f"Erase customer {customer_no} of {company}? This can't be undone.", abort=True)
    with opened_store(settings) as store:
        erased = Erasure(store, store.clock).erase(company, customer_no, OPERATOR)
    typer.echo(
        f"Erased, with {erased.conversations} conversations, {erased.requests} requests and {erased.outbound} messages."
    )


def _lines(file: Path) -> int:
    """Count the lines below the header, for the progress bar."""
    with file.open("rb") as content:
        return max(sum(1 for _ in content) - 1, 0)


def _tell(report: ImportReport) -> None:
    for refused in report.refused:
        typer.echo(f"line {refused.line}: {refused.reason}")
    typer.echo(f"{report.added} added, {report.updated} updated, {len(report.refused)} refused")
    if not report.kept:
        raise LinesRefused("nothing was imported: mend the refused lines, or take the others with --partial")
