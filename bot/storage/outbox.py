"""Messages to be delivered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from bot.services.contacts import fold_contact
from bot.services.ports.delivery import HOLDS_UP_TRIES
from bot.services.records import OutboundMessage
from bot.storage.repository import Repository
from bot.storage.tables import outbox

_earlier = outbox.alias("earlier")
_OVERTAKES = (
    select(_earlier.c.id)
    .where(
        _earlier.c.recipient_digest == outbox.c.recipient_digest,
        _earlier.c.company == outbox.c.company,
        _earlier.c.kind == outbox.c.kind,
        _earlier.c.status == "waiting",
        _earlier.c.tries <= HOLDS_UP_TRIES,
        _earlier.c.created_at < outbox.c.created_at,
        _earlier.c.next_try_at > outbox.c.next_try_at,
    )
    .exists()
)
"""Whether something that was written to the same recipient before is tried only later."""


class SqlOutbox(Repository):
    """Implement the port of the outbox."""

    def add(self, message: OutboundMessage) -> bool:
        """Enqueue unless one with the same key is there."""
        values = self._row(outbox, message, recipient_digest=self._recipient_digest(message.recipient))
        values["next_try_at"] = message.next_try_at or message.created_at
        values["sent_at"] = message.created_at if message.status == "sent" else None
        statement = self._insert(outbox).values(values).on_conflict_do_nothing(index_elements=["key"])
        return bool(self._run(statement).rowcount)

    def take_due(self, now: datetime, limit: int, lease_s: int, but: Collection[str] = ()) -> list[OutboundMessage]:
        """Claim due messages for `lease_s` seconds, so that no two workers have the same; no kinds of `but`.

        The try is counted here: a message that kills its worker comes to its end like any other. What belongs to a
        conversation in LINE waits until what came before it is through.
        """
        due = select(outbox.c.id).where(outbox.c.status == "waiting", outbox.c.next_try_at <= now)
        due = due.where(outbox.c.kind.not_in(list(but)), or_(outbox.c.kind != "line", ~_OVERTAKES))
        due = due.order_by(outbox.c.next_try_at, outbox.c.created_at)
        due = due.limit(limit).with_for_update(skip_locked=True)
        ids = list(self._run(due).scalars())
        if not ids:
            return []
        leased = update(outbox).where(outbox.c.id.in_(ids))
        self._run(leased.values(tries=outbox.c.tries + 1, next_try_at=now + timedelta(seconds=lease_s)))
        query = select(outbox).where(outbox.c.id.in_(ids)).order_by(outbox.c.created_at, outbox.c.id)
        return self._records(OutboundMessage, outbox, self._run(query))

    def mark_sent(self, message_id: str, at: datetime) -> None:
        """It was handed over: recipient, subject and text have done their service and are blanked."""
        blank = {"recipient": "", "recipient_digest": "", "subject": "", "text": "", "last_error": ""}
        self._change(message_id, **blank, status="sent", sent_at=at, next_try_at=None)

    def mark_failed(self, message_id: str, error: str, next_try_at: datetime | None) -> None:
        """It failed: try again at that time, or None for a dead letter."""
        status = "dead" if next_try_at is None else "waiting"
        self._change(message_id, status=status, last_error=error, next_try_at=next_try_at)

    def put_back(self, message_id: str, next_try_at: datetime) -> None:
        """Give back what was claimed and not tried."""
        self._change(message_id, tries=outbox.c.tries - 1, next_try_at=next_try_at)

    def about_to_go(self, company: str, kind: str, recipient: str) -> bool:
        """Whether something of a kind to a recipient waits for its first try, or for its second."""
        theirs = (outbox.c.recipient_digest == self._recipient_digest(recipient), outbox.c.company == company)
        fresh = (outbox.c.kind == kind, outbox.c.status == "waiting", outbox.c.tries <= 1)
        return self._run(select(outbox.c.id).where(*theirs, *fresh).limit(1)).first() is not None

    def retry(self, message_id: str, at: datetime) -> bool:
        """Put a dead letter back."""
        dead = (outbox.c.id == message_id, outbox.c.status == "dead")
        again = {"status": "waiting", "tries": 0, "next_try_at": at}
        return bool(self._run(update(outbox).where(*dead).values(again)).rowcount)

    def dead(self, company: str, limit: int) -> list[OutboundMessage]:
        """A company's dead letters, the newest first."""
        query = select(outbox).where(outbox.c.status == "dead", outbox.c.company == company)
        query = query.order_by(outbox.c.created_at.desc(), outbox.c.id.desc()).limit(limit)
        return self._records(OutboundMessage, outbox, self._run(query))

    def get(self, message_id: str) -> OutboundMessage | None:
        """Find by id."""
        return self._found(OutboundMessage, outbox, select(outbox).where(outbox.c.id == message_id))

    def discard(self, message_id: str) -> bool:
        """Delete a dead letter; False if it is none."""
        return bool(self._run(delete(outbox).where(outbox.c.id == message_id, outbox.c.status == "dead")).rowcount)

    def find(self, status: str | None = None) -> list[OutboundMessage]:
        """List, oldest first."""
        query = select(outbox).order_by(outbox.c.created_at, outbox.c.id)
        query = query if status is None else query.where(outbox.c.status == status)
        return self._records(OutboundMessage, outbox, self._run(query))

    def withdraw(self, company: str, kind: str, recipient: str) -> int:
        """Delete a company's messages of a kind to a recipient that weren't handed over; return how many."""
        theirs = (outbox.c.recipient_digest == self._recipient_digest(recipient), outbox.c.company == company)
        unsent = (outbox.c.kind == kind, outbox.c.status != "sent")
        return int(self._run(delete(outbox).where(*theirs, *unsent)).rowcount)

    def erase_recipient(self, recipient: str) -> int:
        """Delete every message to that address or number; return how many."""
        theirs = outbox.c.recipient_digest == self._recipient_digest(recipient)
        ids = list(self._run(select(outbox.c.id).where(theirs)).scalars())
        self._run(delete(outbox).where(outbox.c.id.in_(ids)))
        for row_id in ids:
            self._note_erasure(outbox, row_id)
        return len(ids)

    def delete_sent(self, before: datetime) -> int:
        """Delete rows of messages sent before; return how many."""
        return int(self._run(delete(outbox).where(outbox.c.sent_at < before)).rowcount)

    def delete_dead(self, before: datetime) -> int:
        """Delete dead letters written before; return how many."""
        dead = (outbox.c.status == "dead", outbox.c.created_at < before)
        return int(self._run(delete(outbox).where(*dead)).rowcount)

    def _change(self, message_id: str, **values: Any) -> None:
        sealed = self._sealed(outbox, {"id": message_id, **values})
        self._run(update(outbox).where(outbox.c.id == message_id).values(sealed))

    def _recipient_digest(self, recipient: str) -> str:
        return self._digest("recipient", fold_contact(recipient))
