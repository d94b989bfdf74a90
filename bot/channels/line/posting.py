"""Hands over to LINE what a conversation holds and LINE doesn't have yet: each message once, as far as LINE can tell.

What the bot and staff said stands in the conversation before anybody sends it; a posting tells how far LINE has it. So
nothing that was stored is lost, whoever stored it and whoever dies; what remains is not to send twice.

A turn's answers go out in one reply. A reply token works once, so it is its own proof: the posting notes that a reply
is about to be tried, the reply is made, the posting moves on. If the process dies in between, or LINE's answer isn't
heard, the same reply is tried again. LINE takes it: then it had not before. LINE calls the token invalid: then it had,
or, if no try came before, the token is too old and the messages are pushed.

A push is put into the outbox in the same transaction that moves the posting on. The outbox tries with one retry key
until LINE takes it, and LINE takes a key once within 24 hours (409 after that).

One gap is left, since LINE calls a used token and an expired one by the same name: a reply of which no answer was heard
until its minute was over. It is pushed, for an answer that comes twice harms less than one that never comes.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from itertools import takewhile

import structlog
from linebot.v3.messaging import Message as LineMessage
from prometheus_client import Counter

from bot.channels.line.messages import MESSAGES_A_CALL, Formatter
from bot.delivery.line import KIND, as_text
from bot.delivery.line_client import LineClient, LineError
from bot.services.ports import Clock, Store, Transaction
from bot.services.records import Conversation, Message, OutboundMessage, Posting

_log = structlog.get_logger(__name__)

TOKEN_LIFE = timedelta(seconds=55)
"""A reply token must be used within a minute; past it, a refused token proves nothing."""
PATIENCE = timedelta(seconds=8)
"""After that long a try whose process says nothing more may be repeated: longer than a call may take."""
_PLACES = 100
"""More messages than one of the desk's can become."""
BREATH = timedelta(seconds=2)
"""Between tries that LINE answered with 429 or 5xx."""

POSTED = Counter("madoguchi_line_posted", "Turns handed over to LINE or to the outbox", ["way"])


@dataclass(frozen=True)
class Batch:
    """Messages that go out together: the answers to one message, or one message of staff."""

    conversation: Conversation
    messages: tuple[Message, ...]
    reply_token: str
    tried: bool

    @property
    def upto(self) -> int:
        """The number of its last message."""
        return self.messages[-1].seq


class Poster:
    """Brings conversations to LINE; any number of processes may do so at once."""

    def __init__(self, store: Store, clock: Clock, formatter: Formatter, clients: Mapping[str, LineClient]) -> None:
        self._store = store
        self._clock = clock
        self._formatter = formatter
        self._clients = clients

    def behind(self) -> list[str]:
        """Conversations of which LINE doesn't have everything."""
        with self._store.transaction(read_only=True) as tx:
            return tx.postings.behind(self._clock.now())

    async def post(self, conversation: str) -> None:
        """Hand over what is waiting, in order; what somebody else is at, or LINE puts off, is left for later."""
        while (batch := await asyncio.to_thread(self._begin, conversation)) is not None:
            rest = await self._reply(batch)
            await asyncio.to_thread(self._end, batch, rest)
            if rest is None:
                return

    def _begin(self, conversation: str) -> Batch | None:
        """Put into the outbox what can only be pushed; note that the first reply after it is being tried."""
        now = self._clock.now()
        with self._store.transaction() as tx:
            posting, thread = tx.postings.lock(conversation), tx.conversations.get(conversation)
            if posting is None or thread is None or thread.ended_at is not None or _put_off(posting, now):
                return None
            transcript = tx.conversations.messages(conversation)
            # A reply arrives at once, and so before what waits in the outbox to be pushed. But what LINE puts off again
            # and again must not keep replies, which cost nothing, from their way.
            pushes_wait = tx.outbox.about_to_go(str(thread.company), KIND, thread.external_id or "")
            while batch := self._next(thread, transcript, posting):
                if batch.reply_token and not pushes_wait:
                    tx.postings.save(replace(posting, tried_seq=batch.upto, not_before=now + PATIENCE))
                    return batch
                self._push(tx, batch, self._formatter.turn(batch.messages))
                pushes_wait = True
                posting = _moved_on(tx, posting, batch)
        return None

    def _next(self, thread: Conversation, transcript: Sequence[Message], posting: Posting) -> Batch | None:
        waiting = [one for one in transcript if one.seq > posting.posted_seq and one.author != "customer"]
        if not waiting:
            return None
        asked = next((one for one in transcript if one.id == waiting[0].reply_to), None)
        group = takewhile(lambda one: one.reply_to == waiting[0].reply_to, waiting) if asked else waiting[:1]
        messages = tuple(group)
        token = self._live_token(thread, asked)
        return Batch(thread, messages, token, tried=posting.tried_seq == messages[-1].seq)

    def _live_token(self, thread: Conversation, asked: Message | None) -> str:
        """The reply token of the message that is answered; empty if there is none or it is too old."""
        if asked is None or thread.company not in self._clients:
            return ""
        if self._clock.now() - _sent_at(asked) >= TOKEN_LIFE:
            return ""
        return str(asked.body.get("line", {}).get("reply_token", ""))

    async def _reply(self, batch: Batch) -> Sequence[LineMessage] | None:
        """Make the reply; return what is left to be pushed, or None if the reply must be tried again."""
        shown = self._formatter.turn(batch.messages)
        if not shown:
            return shown
        try:
            await self._clients[str(batch.conversation.company)].reply(batch.reply_token, shown[:MESSAGES_A_CALL])
        except LineError as error:
            _log.warning("line.reply_failed", conversation=batch.conversation.id, status=error.status)
            if error.may_pass:
                return None
            if error.token_refused:
                return shown[MESSAGES_A_CALL:] if batch.tried else shown
            # A fault in what a bubble holds must not cost the answer.
            return self._formatter.plain(batch.messages)
        return shown[MESSAGES_A_CALL:]

    def _end(self, batch: Batch, rest: Sequence[LineMessage] | None) -> None:
        """Note what came of a reply, unless somebody else, who took us for dead, was faster."""
        with self._store.transaction() as tx:
            posting = tx.postings.lock(batch.conversation.id)
            if posting is None or posting.posted_seq >= batch.upto:
                return
            if rest is None:
                tx.postings.save(replace(posting, not_before=self._clock.now() + BREATH))
                return
            self._push(tx, batch, rest)
            _moved_on(tx, posting, batch)
        POSTED.labels("reply").inc()

    def _push(self, tx: Transaction, batch: Batch, messages: Sequence[LineMessage]) -> None:
        """Put messages into the outbox, five a push; the conversation and its place in it are the key."""
        thread, now = batch.conversation, self._clock.now()
        for first in range(0, len(messages), MESSAGES_A_CALL):
            text = as_text(messages[first : first + MESSAGES_A_CALL])
            key = f"line:{thread.id}:{batch.upto}:{first}"
            # The outbox goes by the time: what stands later in the conversation must not overtake.
            place = now + timedelta(microseconds=_PLACES * batch.upto + first)
            recipient = thread.external_id or ""
            push = OutboundMessage(
                uuid.uuid4().hex, str(thread.company), KIND, recipient, "", text, key, place, next_try_at=now
            )
            tx.outbox.add(push)
            POSTED.labels("push").inc()


def _sent_at(asked: Message) -> datetime:
    """When its token's minute began: a redelivered event tells when it happened, long before we heard of it."""
    told = asked.body.get("line", {}).get("at")
    return min(asked.created_at, datetime.fromtimestamp(told / 1000, timezone.utc)) if told else asked.created_at


def _put_off(posting: Posting, now: datetime) -> bool:
    return posting.not_before is not None and posting.not_before > now


def _moved_on(tx: Transaction, posting: Posting, batch: Batch) -> Posting:
    moved = replace(posting, posted_seq=batch.upto, not_before=None)
    tx.postings.save(moved)
    return moved
