"""One message's way: masked and stored, given to staff or to the engine, its replies stored before anyone sees them."""

from __future__ import annotations

import asyncio
import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.errors import Busy, MadoguchiError, NotFound
from bot.knowledge.library import PolicyLibrary
from bot.privacy.masking import mask_sensitive
from bot.services.handoffs import Handoffs, end_with_conversation
from bot.services.late_replies import add_reply, in_place_of_excuse
from bot.services.leases import AtWorkElsewhere, Leases
from bot.services.machine_events import tell_of_message
from bot.services.phrases import Phrasebook, Reply
from bot.services.pictures import PictureDesk
from bot.services.ports import Clock, DialogueEngine, RequestFilter, Store, Transaction
from bot.services.records import Conversation, Message
from bot.services.replying import Replier
from bot.services.statistics import count, things_of
from bot.services.turns import Expectation
from bot.settings import Settings

_Thing = TypeVar("_Thing")

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 0.4
"""Between two looks at a conversation that another process is at work on."""
_SHOWS_A_WAIT = frozenset({"line"})
"""LINE shows an animation; a word of ours there would use the reply token up, and the answer would cost a push."""


class BoundToAnotherCompany(MadoguchiError):
    """A conversation belongs to one company for good."""


@dataclass(frozen=True)
class Accepted:
    """An inbound message as stored; `repeated` when its event id was there already."""

    message: Message
    repeated: bool


@dataclass(frozen=True)
class View:
    """A conversation as its customer sees it; `answering` while a message waits for the bot."""

    conversation: Conversation
    messages: list[Message]
    answering: bool


@dataclass(frozen=True)
class _Waiting:
    """The next message to be answered, and what is known of its conversation."""

    thread: Conversation
    message: Message
    expectation: Expectation | None
    is_last: bool


class Desk:
    """The conversation between customers and the company, whoever answers for it."""

    def __init__(
        self,
        store: Store,
        engine: DialogueEngine,
        companies: PolicyLibrary,
        phrases: Phrasebook,
        handoffs: Handoffs,
        expectation: Callable[[Transaction, str, str], Expectation | None],
        clock: Clock,
        settings: Settings,
        pictures: PictureDesk | None = None,
    ) -> None:
        """Without `pictures` every picture is refused in words."""
        self._store = store
        self._companies = companies
        self._phrases = phrases
        self._expectation = expectation
        self._clock = clock
        self._settings = settings
        self._replier = Replier(store, engine, companies, phrases, handoffs, settings, pictures)
        self._leases = Leases(store, clock)

    def open(self, conversation: str, channel: str, company: str | None) -> Conversation:
        """Begin or resume a conversation; raise BoundToAnotherCompany for any company but its own.

        An unknown company counts as none: the customer is asked.
        """
        known = company if company in self._companies.ids() else None
        with self._store.transaction(read_only=True) as tx:
            thread = tx.conversations.get(conversation)
        if thread is None or (thread.company is None and known is not None):
            with self._store.transaction(durable=False) as tx:
                thread = self._begin(tx, conversation, channel, known)
        return _of_company(thread, known)

    def greeting(self, company: str) -> Reply:
        """Say what the desk can do, with its main uses as buttons."""
        return self._replier.greeting(company)

    def accept(self, conversation: str, text: str, event_id: str, beside: Mapping[str, Any] | None = None) -> Accepted:
        """Store a customer's message, masked and cleaned; an event id that is there already changes nothing.

        `beside` goes into its body; a `phrase` in there names what answers it, as no engine understands a sticker, and
        a `refusal` what answers it even while staff own the conversation, as they don't get to see a video. A
        `picture` is the channel's name of one, which is fetched if a person will look at it.
        """
        message = self._message(conversation, text, event_id, beside or {})
        with self._store.transaction() as tx:
            return _store(tx, message)

    async def exchange(self, conversation: str, channel: str, company: str | None, text: str) -> list[Message]:
        """Take a message in and give the replies to it: `open`, `accept` and `work` in fewer transactions.

        For a caller who waits: the message is stored only once those before it are answered, and the same message
        again is another. Raises BoundToAnotherCompany for any company but the conversation's own.
        """
        message = self._message(conversation, text, None, {})
        async with self._leases.alone(conversation):
            waiting = await asyncio.to_thread(self._take_in, message, channel, company)
            made = await self._work(conversation, waiting or await self._turn(conversation))
        replies = [reply for reply in made if reply.reply_to == message.id]
        return replies or await asyncio.to_thread(self._replies_to, message.id)

    async def work(self, conversation: str) -> list[Message]:
        """Answer what is waiting in a conversation, in order; return the replies that this call made.

        If the engine has all it can take, the messages stay waiting, and whoever calls next goes on.
        """
        async with self._leases.alone(conversation):
            return await self._work(conversation, await self._turn(conversation))

    def transcript(self, conversation: str, after_seq: int = 0) -> list[Message]:
        """All messages after `after_seq`, in order."""
        with self._store.transaction(read_only=True) as tx:
            return tx.conversations.messages(conversation, after_seq)

    def look(self, conversation: str, after_seq: int = 0) -> View:
        """Show a conversation from a message on; raise NotFound once it is ended or erased."""
        with self._store.transaction(read_only=True) as tx:
            thread = _live(tx.conversations.get(conversation), conversation)
            # What waits is asked first: on PostgreSQL another process may answer between two statements, and a
            # message must not show as answered without its answer.
            waiting = bool(tx.conversations.pending(conversation))
            messages = tx.conversations.messages(conversation, after_seq)
            waiting = waiting or any(one.author == "customer" and one.answered_at is None for one in messages)
            return View(thread, messages, answering=waiting and thread.owner == "bot")

    def end(self, conversation: str) -> None:
        """Close a conversation for good: nothing more is taken in or shown by it."""
        now = self._clock.now()
        with self._store.transaction() as tx:
            thread = _live(tx.conversations.lock(conversation), conversation)
            tx.conversations.save(replace(thread, ended_at=now, updated_at=now))

    def erase(self, conversation: str) -> None:
        """Delete a conversation with everything that only it needs; requests made in it stay."""
        with self._store.transaction() as tx:
            tx.conversations.lock(conversation)
            end_with_conversation(tx, conversation, "customer", self._clock.now())
            tx.conversations.erase(conversation)

    def _begin(self, tx: Transaction, conversation: str, channel: str, company: str | None) -> Conversation:
        now = self._clock.now()
        fresh = Conversation(conversation, channel, company, created_at=now, updated_at=now)
        if tx.conversations.add(fresh):
            return fresh
        if company is not None:
            tx.conversations.bind_company(conversation, company)
        return _found(tx.conversations.get(conversation), conversation)

    def _message(self, conversation: str, text: str, event_id: str | None, beside: Mapping[str, Any]) -> Message:
        masked = mask_sensitive(_clean(text))
        limit = self._settings.message_characters
        body = dict(beside)
        if masked.found:
            body["masked"] = sorted(kind.value for kind in masked.found)
        if len(masked.text) > limit:
            body["too_long"] = True
        text, now = masked.text[:limit], self._clock.now()
        return Message(uuid.uuid4().hex, conversation, 0, "customer", text, now, event_id=event_id, body=body)

    def _take_in(self, message: Message, channel: str, company: str | None) -> _Waiting | None:
        """Store a message, and take it up at once; None if another worker has the conversation."""
        known = company if company in self._companies.ids() else None
        with self._store.transaction() as tx:
            thread = tx.conversations.lock(message.conversation)
            if thread is None or (thread.company is None and known is not None):
                thread = self._begin(tx, message.conversation, channel, known)
            _store(tx, message, _of_company(thread, known))
            return self._take(tx, thread) if self._leases.take(tx, thread.id) else None

    async def _work(self, conversation: str, waiting: _Waiting | None) -> list[Message]:
        made: list[Message] = []
        while waiting:
            try:
                replies = await self._answer(waiting)
            except Busy:
                return made + await asyncio.to_thread(self._put_off, waiting)
            made += replies or []
            if replies is not None and waiting.is_last:
                break
            # Looked at anew for each message: the one before may have given the conversation to staff.
            waiting = await self._turn(conversation)
        return made

    async def _turn(self, conversation: str) -> _Waiting | None:
        """Wait until nobody else is at work on a conversation; give its next message, if one is left then."""
        pause = SHORTEST_PAUSE_S
        while True:
            try:
                return await asyncio.to_thread(self._next_waiting, conversation)
            except AtWorkElsewhere:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)

    def _next_waiting(self, conversation: str) -> _Waiting | None:
        """Take the conversation and its next message; raise AtWorkElsewhere if another worker has it."""
        with self._store.transaction(durable=False) as tx:
            if self._leases.take(tx, conversation):
                return self._take(tx, _found(tx.conversations.get(conversation), conversation))
            if not tx.conversations.pending(conversation):
                self._leases.give_back(tx, conversation)
                return None
        raise AtWorkElsewhere(f"another worker answers in {conversation}")

    def _take(self, tx: Transaction, thread: Conversation) -> _Waiting:
        """Give the next message of a conversation that this worker has, and in which one waits."""
        pending = tx.conversations.pending(thread.id)
        of_bot = thread.owner == "bot"
        expectation = self._expectation(tx, thread.id, pending[0].text) if of_bot else None
        return _Waiting(thread, pending[0], expectation, is_last=len(pending) == 1)

    def _replies_to(self, message: str) -> list[Message]:
        with self._store.transaction(read_only=True) as tx:
            return tx.conversations.replies_to(message)

    async def _answer(self, waiting: _Waiting) -> list[Message] | None:
        """Give the replies kept, or None if the message must be looked at anew."""
        replies = await self._replier.replies(waiting.thread, waiting.message, waiting.expectation)
        return await asyncio.to_thread(self._keep, waiting, replies)

    def _keep(self, waiting: _Waiting, replies: Sequence[Reply]) -> list[Message] | None:
        """Store the replies with the note that the message was worked on; nothing if somebody else was faster.

        None if the conversation changed hands meanwhile: the message is the other's to answer then.
        """
        message, now = waiting.message, self._clock.now()
        # Durable, for nobody shall have read what a power cut takes back: worked on again, a message may be told other
        # words, while a stream that has seen these replies goes on behind them.
        with self._store.transaction() as tx:
            if _changed_hands(tx, waiting, replies):
                return None
            if waiting.is_last:
                self._leases.give_back(tx, message.conversation)
            if not tx.conversations.mark_answered(message.id, now):
                return []
            replies = in_place_of_excuse(tx, message, replies)
            count(tx, waiting.thread, things_of(waiting.thread, message, replies), now)
            return [add_reply(tx, message.conversation, message.id, reply, now) for reply in replies]

    def _put_off(self, waiting: _Waiting) -> list[Message]:
        """Leave a message waiting, and say so once, unless the channel shows it or each word on it costs."""
        message = waiting.message
        with self._store.transaction(durable=False) as tx:
            self._leases.give_back(tx, message.conversation)
            if waiting.thread.channel in _SHOWS_A_WAIT or tx.conversations.replies_to(message.id):
                return []
            put_off = self._phrases.say("queue_full")
            return [add_reply(tx, message.conversation, message.id, put_off, self._clock.now())]


def _store(tx: Transaction, message: Message, thread: Conversation | None = None) -> Accepted:
    thread = _live(thread or tx.conversations.lock(message.conversation), message.conversation)
    stored = tx.conversations.add_message(message)
    if stored is None:
        event = str(message.event_id)
        return Accepted(_found(tx.conversations.message_by_event(thread.id, event), event), repeated=True)
    if thread.owner == "staff":
        tell_of_message(tx, thread, stored)
    return Accepted(stored, repeated=False)


def _changed_hands(tx: Transaction, waiting: _Waiting, replies: Sequence[Reply]) -> bool:
    """Whether staff gave back what was left to them, or took what the bot was answering.

    A case that only waits was opened by this very message, and its customer must hear so; nor may the receipt of a
    request that it opened be lost.
    """
    thread = tx.conversations.lock(waiting.thread.id)
    if thread is None or thread.owner == waiting.thread.owner:
        return False
    if thread.owner == "bot":
        return not replies
    case = tx.handoffs.open_for(thread.id)
    return case is not None and case.claimed_by is not None and not _opened_request(tx, waiting.message)


def _opened_request(tx: Transaction, message: Message) -> bool:
    found = tx.requests.find(RequestFilter(conversation=message.conversation))
    return any(request.created_at >= message.created_at for request in found)


def _found(thing: _Thing | None, name: str) -> _Thing:
    if thing is None:
        raise NotFound(f"there is no {name}")
    return thing


def _live(thread: Conversation | None, name: str) -> Conversation:
    if thread is None or thread.ended_at is not None:
        raise NotFound(f"there is no open {name}")
    return thread


def _of_company(thread: Conversation, company: str | None) -> Conversation:
    if company is not None and thread.company != company:
        raise BoundToAnotherCompany(f"this conversation isn't with {company}")
    return thread


def _clean(text: str) -> str:
    """Drop what no customer types: control characters, NUL, lone surrogates; line ends and tabs stay."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
