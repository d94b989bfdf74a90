"""Delete what is older than the settings allow, each kind of data by its own time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.privacy.statuses import ENDED
from bot.services.ports import Clock, RequestFilter, Store, Transaction
from bot.settings import Settings

BATCH = 200
"""So many rows a transaction, so that customers never wait long for the database."""


@dataclass(frozen=True)
class Rule:
    """How long a kind of data is kept; `delete` takes what is older than a moment, at most so many, and counts it."""

    kind: str
    kept: timedelta
    delete: Callable[[Transaction, datetime, int], int]


def rules(settings: Settings) -> tuple[Rule, ...]:
    """List every kind of data that has an end of its own."""
    return (
        Rule(
            "engine_states", timedelta(hours=settings.tracker_hours), lambda tx, t, _: tx.engine_states.delete_older(t)
        ),
        Rule("drafts", timedelta(days=settings.draft_days), _delete_drafts),
        # A code is looked up as long as its draft may be resumed; it can't be used after CODE_MINUTES.
        Rule("codes", timedelta(days=settings.draft_days), lambda tx, t, _: tx.codes.delete_expired(t)),
        # Who looked at what an hour ago concerns nobody.
        Rule("presences", timedelta(hours=1), lambda tx, t, _: tx.presences.sweep(t)),
        Rule("limits", timedelta(0), lambda tx, t, _: tx.limits.sweep(t)),
        Rule("requests", timedelta(days=settings.request_days), _delete_requests),
        Rule("erased_conversations", timedelta(days=settings.erasure_days), _delete_erased_conversations),
        Rule("conversations", timedelta(days=settings.conversation_days), _delete_conversations),
        Rule("pictures", timedelta(days=settings.image_days), lambda tx, t, _: tx.pictures.delete_older(t)),
        Rule("outbox", timedelta(days=settings.outbox_days), lambda tx, t, _: tx.outbox.delete_sent(t)),
        Rule("dead_letters", timedelta(days=settings.outbox_days), lambda tx, t, _: tx.outbox.delete_dead(t)),
        Rule(
            "document_links", timedelta(days=settings.outbox_days), lambda tx, t, _: tx.document_links.delete_expired(t)
        ),
        Rule(
            "staff_sessions", timedelta(hours=settings.staff_session_hours), lambda tx, t, _: tx.staff_sessions.sweep(t)
        ),
        Rule("staff_links", timedelta(0), lambda tx, t, _: tx.staff_links.sweep(t)),
        Rule("unanswered", timedelta(days=settings.unanswered_days), lambda tx, t, _: tx.unanswered.delete_older(t)),
    )


class Retention:
    """The desk's forgetting."""

    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules(settings)

    def run(self, dry_run: bool = False) -> dict[str, int]:
        """Delete, and give the number of rows by kind; a dry run counts them and leaves them."""
        now = self._clock.now()
        deleted = {rule.kind: self._apply(rule, now, dry_run) for rule in self._rules}
        if any(deleted.values()) and not dry_run:
            with self._store.transaction() as tx:
                tx.audit.append("desk", "retention.run", "retention", None, {}, deleted, now)
        return deleted

    def _apply(self, rule: Rule, now: datetime, dry_run: bool) -> int:
        if dry_run:
            return self._would_delete(rule, now)
        total = 0
        while True:
            with self._store.transaction() as tx:
                count = rule.delete(tx, now - rule.kept, BATCH)
            total += count
            if count < BATCH:
                return total

    def _would_delete(self, rule: Rule, now: datetime) -> int:
        count = 0
        with suppress(_TakenBack), self._store.transaction() as tx:
            count = rule.delete(tx, now - rule.kept, _ALL)
            raise _TakenBack
        return count


_ALL = 1_000_000_000


class _TakenBack(Exception):
    """Roll the transaction of a dry run back."""


def _delete_drafts(tx: Transaction, before: datetime, limit: int) -> int:
    old = tx.drafts.older_than(before)[:limit]
    for conversation in old:
        tx.drafts.delete(conversation)
    return len(old)


def _delete_requests(tx: Transaction, before: datetime, limit: int) -> int:
    old = tx.requests.find(RequestFilter(ended_before=before, limit=limit))
    for request in old:
        tx.requests.delete(request.id)
    return len(old)


def _delete_erased_conversations(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete the conversations in which people were told of their erasure; a case that is open is waited for."""
    over = [one.conversation for one in tx.requests.erased(before, limit) if one.conversation]
    over = [conversation for conversation in over if tx.handoffs.open_for(conversation) is None]
    for conversation in over:
        tx.conversations.erase(conversation)
    return len(over)


def _delete_conversations(tx: Transaction, before: datetime, limit: int) -> int:
    deleted = 0
    for conversation in tx.conversations.idle_since(before):
        if deleted < limit and not _still_needed(tx, conversation):
            tx.conversations.erase(conversation)
            deleted += 1
    return deleted


def _still_needed(tx: Transaction, conversation: str) -> bool:
    """Keep what belongs to a case or a request that staff have not finished."""
    if tx.handoffs.open_for(conversation) is not None:
        return True
    return any(request.status not in ENDED for request in tx.requests.find(RequestFilter(conversation=conversation)))
