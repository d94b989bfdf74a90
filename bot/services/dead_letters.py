"""Messages that couldn't be delivered, for staff to try again or to give up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import NotFound
from bot.privacy.redaction import redact_contact
from bot.services.ports import Clock, Store, Transaction
from bot.services.records import OutboundMessage

SHOWN = 100


@dataclass(frozen=True)
class DeadLetter:
    """What staff see of one: never its text, which may hold a code."""

    id: str
    kind: str
    recipient: str
    created_at: datetime
    tries: int
    error: str


class DeadLetters:
    """A company's dead letters; every step leaves an audit record, and so does a look at an address."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def list(self, company: str) -> list[DeadLetter]:
        """The newest, their recipients made unreadable."""
        with self._store.transaction(read_only=True) as tx:
            return [_shown(letter, redact_contact(letter.recipient)) for letter in tx.outbox.dead(company, SHOWN)]

    def reveal(self, company: str, letter_id: str, actor: str) -> DeadLetter:
        """Show whom one was for."""
        with self._store.transaction() as tx:
            letter = _found(tx, company, letter_id)
            self._record(tx, letter, actor, "personal.revealed")
            return _shown(letter, letter.recipient)

    def retry(self, company: str | None, letter_id: str, actor: str) -> None:
        """Put one back into the outbox; without a company, whosever it is."""
        with self._store.transaction() as tx:
            letter = _found(tx, company, letter_id)
            tx.outbox.retry(letter.id, self._clock.now())
            self._record(tx, letter, actor, "outbox.retried")

    def discard(self, company: str, letter_id: str, actor: str) -> None:
        """Delete one for good."""
        with self._store.transaction() as tx:
            letter = _found(tx, company, letter_id)
            tx.outbox.discard(letter.id)
            self._record(tx, letter, actor, "outbox.discarded")

    def _record(self, tx: Transaction, letter: OutboundMessage, actor: str, action: str) -> None:
        subject, kind = f"outbox:{letter.id}", {"kind": letter.kind}
        tx.audit.append(actor, action, subject, letter.company, {}, kind, self._clock.now())


def _found(tx: Transaction, company: str | None, letter_id: str) -> OutboundMessage:
    letter = tx.outbox.get(letter_id)
    if letter is None or company not in (None, letter.company) or letter.status != "dead":
        raise NotFound(f"no dead message has the id {letter_id!r}; see `madoguchi outbox list --status dead`")
    return letter


def _shown(letter: OutboundMessage, recipient: str) -> DeadLetter:
    return DeadLetter(letter.id, letter.kind, recipient, letter.created_at, letter.tries, letter.last_error)
