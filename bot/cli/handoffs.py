"""`madoguchi handoffs`: who waits for a person."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from bot.cli.options import CompanyId, Json, known_company, opened_store, read_settings
from bot.cli.printing import in_japan, print_rows

app = typer.Typer(help="Conversations that a person must take over.")

COLUMNS = ("id", "company", "reason", "status", "priority", "waiting_since")


class HandoffStatus(str, Enum):
    """Where a case stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSED = "closed"


@app.callback()
def handoffs() -> None:
    """Conversations that a person must take over."""


@app.command("list")
def list_handoffs(
    company: CompanyId = None,
    status: Annotated[HandoffStatus | None, typer.Option("--status", help="In this status alone.")] = None,
    as_json: Json = False,
) -> None:
    """List cases in the order of the queue."""
    settings = read_settings()
    wanted = known_company(settings, company)
    with opened_store(settings) as store, store.transaction(read_only=True) as tx:
        found = tx.handoffs.find(wanted, status.value if status else None)
    rows = [
        {
            "id": case.id,
            "company": case.company,
            "reason": case.reason.value,
            "status": case.status,
            "priority": case.priority,
            "waiting_since": in_japan(case.waiting_since),
        }
        for case in found
    ]
    print_rows(rows, COLUMNS, as_json=as_json)
