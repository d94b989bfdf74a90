"""Takes in what LINE delivered: each event once, however often and in whatever order it comes."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from bot.channels.line.events import ANSWERS, REFUSED, Arrival, Left, Said, Unsent
from bot.delivery.line import KIND
from bot.services.converse import Desk
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock, Keys, Store, Transaction
from bot.services.records import Conversation, Message

CHANNEL = "line"
PREFIX = f"{CHANNEL}-"
"""How the id of every LINE conversation begins."""


class Reception:
    """Finds the conversation of a LINE user with a company, and puts into it what arrives."""

    def __init__(self, store: Store, desk: Desk, keys: Keys, clock: Clock, phrases: Phrasebook) -> None:
        self._store = store
        self._desk = desk
        self._keys = keys
        self._clock = clock
        self._phrases = phrases

    def take_in(self, company: str, arrival: Arrival) -> str | None:
        """Store an arrival; return the conversation in which something is to be answered."""
        if isinstance(arrival, Left):
            self._leave(company, arrival)
            return None
        conversation = self._conversation(company, arrival.person)
        if isinstance(arrival, Unsent):
            self._unsend(conversation, arrival)
            return None
        return conversation if self._say(conversation, arrival) else None

    def _say(self, conversation: str, said: Said) -> bool:
        """Store what was said; False if it was taken back, before this delivery of it or during it."""
        stored = self._accept(conversation, said)
        if not self._taken_back(conversation, said.line.get("message", "")):
            return True
        with self._store.transaction() as tx:
            tx.conversations.erase_message(stored.id)
        return False

    def _accept(self, conversation: str, said: Said) -> Message:
        text = said.text
        beside: dict[str, Any] = {"line": said.line}
        if said.wordless is not None:
            label, phrase = ANSWERS[said.wordless]
            text = self._phrases.text(label)
            if said.picture:
                beside["picture"] = said.picture
            else:
                beside["refusal" if said.wordless in REFUSED else "phrase"] = phrase
        return self._desk.accept(conversation, text, said.event_id, beside).message

    def _conversation(self, company: str, person: str) -> str:
        """Find the person's open conversation, or begin one; two deliveries at once begin the same."""
        with self._store.transaction(read_only=True) as tx:
            found = tx.conversations.find_external(CHANNEL, company, person)
        if found is not None:
            return found.id
        now = self._clock.now()
        with self._store.transaction() as tx:
            identifier = self._fresh_id(tx, company, person)
            thread = Conversation(identifier, CHANNEL, company, created_at=now, updated_at=now, external_id=person)
            tx.conversations.add(thread)
            tx.postings.begin(identifier)
        return identifier

    def _fresh_id(self, tx: Transaction, company: str, person: str) -> str:
        """Derive an id from who speaks with whom and which conversation of theirs ended last."""
        identifier = ""
        while True:
            digest = self._keys.digest("line conversation", f"{company}/{person}/{identifier}")
            identifier = f"{PREFIX}{digest[:32]}"
            known = tx.conversations.get(identifier)
            if known is None or known.ended_at is None:
                return identifier

    def _unsend(self, conversation: str, unsent: Unsent) -> None:
        """Erase the message; the mark left in its place keeps it out if it is delivered only now, or again."""
        now = self._clock.now()
        mark = Message(
            uuid.uuid4().hex,
            conversation,
            0,
            "customer",
            self._phrases.text("line_got_unsend"),
            now,
            event_id=_mark(unsent.message),
            answered_at=now,
        )
        with self._store.transaction() as tx:
            tx.conversations.lock(conversation)
            tx.conversations.add_message(mark)
            for message in tx.conversations.messages(conversation):
                if message.body.get("line", {}).get("message") == unsent.message:
                    tx.conversations.erase_message(message.id)

    def _taken_back(self, conversation: str, message: str) -> bool:
        if not message:
            return False
        with self._store.transaction(read_only=True) as tx:
            return tx.conversations.message_by_event(conversation, _mark(message)) is not None

    def _leave(self, company: str, left: Left) -> None:
        """End the conversation and take back what is still to be pushed, unless the person came again since."""
        with self._store.transaction() as tx:
            thread = tx.conversations.find_external(CHANNEL, company, left.person)
            if thread is None or _heard_since(tx, thread.id, left.at):
                return
            now = self._clock.now()
            tx.conversations.save(replace(thread, ended_at=now, updated_at=now))
            tx.outbox.withdraw(company, KIND, left.person)


def _mark(message: str) -> str:
    return f"unsend:{message}"


def _heard_since(tx: Transaction, conversation: str, at: int) -> bool:
    return any(message.body.get("line", {}).get("at", 0) > at for message in tx.conversations.messages(conversation))
