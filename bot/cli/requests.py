"""`madoguchi requests`: what customers asked to be done with their data."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

import typer

from bot.cli.options import CompanyId, ExportFormat, Json, Reveal, known_company, opened_store, read_settings
from bot.cli.printing import in_japan, print_csv, print_rows
from bot.cli.revealing import note_revealed
from bot.errors import NotFound
from bot.privacy.redaction import redact_contact
from bot.privacy.request_types import Field
from bot.privacy.statuses import Status
from bot.services.ports import RequestFilter
from bot.services.records import DataSubjectRequest

app = typer.Typer(help="Data subject requests.")

COLUMNS = ("receipt", "company", "type", "status", "verified", "due_date", "channel", "created")

StatusOption = Annotated[Status | None, typer.Option("--status", help="In this status alone.")]


@app.command("list")
def list_requests(company: CompanyId = None, status: StatusOption = None, as_json: Json = False) -> None:
    """List data subject requests, the oldest first."""
    print_rows(_rows(company, status), COLUMNS, as_json=as_json)


@app.command("export")
def export_requests(export_format: ExportFormat, company: CompanyId = None, status: StatusOption = None) -> None:
    """Print the list as CSV that is safe to open in a spreadsheet."""
    print_csv(_rows(company, status), COLUMNS)


@app.command("show")
def show_request(
    receipt: Annotated[str, typer.Argument(help="The receipt number (受付番号).")],
    reveal: Reveal = False,
    as_json: Json = False,
) -> None:
    """Show one request with what was asked for."""
    with opened_store(read_settings()) as store, store.transaction() as tx:
        request = tx.requests.by_receipt(receipt.strip().upper())
        if request is None:
            raise NotFound(f"no request has the receipt number {receipt!r}; see `madoguchi requests list`")
        if reveal:
            note_revealed(tx, f"request:{request.id}", request.company)
    shown = _in_full(request, reveal)
    if as_json:
        print_rows([shown], (), as_json=True)
    else:
        rows = [{"field": name, "value": value} for name, value in _flat(shown)]
        print_rows(rows, ("field", "value"), as_json=False)


def _rows(company: str | None, status: Status | None) -> list[dict[str, Any]]:
    settings = read_settings()
    wanted = RequestFilter(company=known_company(settings, company), status=status.value if status else None)
    with opened_store(settings) as store, store.transaction(read_only=True) as tx:
        return [_row(request) for request in tx.requests.find(wanted)]


def _row(request: DataSubjectRequest) -> dict[str, Any]:
    return {
        "receipt": request.receipt,
        "company": request.company,
        "type": request.type,
        "status": request.status.value,
        "verified": request.verified,
        "due_date": request.due_date.isoformat(),
        "channel": request.channel,
        "created": in_japan(request.created_at),
    }


_IMPERSONAL = frozenset({Field.MEANS.value, Field.KEEP_INSPECTION.value, Field.FORM.value, "outcome", "ground"})
"""Choices of ours, which say nothing about a person."""


def _in_full(request: DataSubjectRequest, reveal: bool) -> dict[str, Any]:
    def shown(values: Any) -> dict[str, str]:
        return {n: value if reveal or n in _IMPERSONAL else redact_contact(value) for n, value in values.items()}

    return {
        **_row(request),
        "identity": request.identity.value,
        "level": int(request.level),
        "held_until": request.held_until.isoformat() if request.held_until else "",
        "details": shown(request.details),
        "claimant": shown(request.claimant),
        "decided": in_japan(request.decided_at),
        "decision": shown(request.decision),
    }


def _flat(values: dict[str, Any]) -> list[tuple[str, Any]]:
    flat: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, dict):
            flat += [(f"{name}.{inner}", text) for inner, text in value.items()]
        else:
            flat.append((name, value.value if isinstance(value, Enum) else value))
    return flat
