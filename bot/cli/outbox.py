"""`madoguchi outbox`: messages on their way out, and those that gave up."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from bot.cli.options import Json, Reveal, opened_store, read_settings
from bot.cli.printing import in_japan, print_rows
from bot.cli.revealing import note_revealed
from bot.privacy.redaction import redact_contact
from bot.services.actors import OPERATOR
from bot.services.dead_letters import DeadLetters

app = typer.Typer(help="Messages to customers: waiting, sent, or given up (dead).")

COLUMNS = ("id", "company", "kind", "recipient", "status", "tries", "created", "next_try", "last_error")


class DeliveryStatus(str, Enum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


@app.command("list")
def list_messages(
    status: Annotated[DeliveryStatus | None, typer.Option("--status", help="In this status alone.")] = None,
    reveal: Reveal = False,
    as_json: Json = False,
) -> None:
    """List messages, the oldest first; never their texts, which may hold codes."""
    with opened_store(read_settings()) as store, store.transaction(read_only=not reveal) as tx:
        if reveal:
            note_revealed(tx, "outbox", None)
        found = tx.outbox.find(status.value if status else None)
    rows = [
        {
            "id": message.id,
            "company": message.company,
            "kind": message.kind,
            "recipient": message.recipient if reveal else redact_contact(message.recipient),
            "status": message.status,
            "tries": message.tries,
            "created": in_japan(message.created_at),
            "next_try": in_japan(message.next_try_at),
            "last_error": message.last_error,
        }
        for message in found
    ]
    print_rows(rows, COLUMNS, as_json=as_json)


@app.command("retry")
def retry_message(message_id: Annotated[str, typer.Argument(metavar="ID", help="Of a dead message.")]) -> None:
    """Put a message that was given up back into the outbox."""
    with opened_store(read_settings()) as store:
        DeadLetters(store, store.clock).retry(None, message_id, OPERATOR)
    typer.echo("It will be tried again at once.")
