"""What a form says to a message whose sender was put off meanwhile: the engine took longer than the front waits.

Whoever keeps an excuse and whoever works on the form have the conversation locked, so one of the two always sees the
other: the words take the excuse's place, or come after it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from bot.errors import NotFound
from bot.services.phrases import Button, Phrasebook, Reply
from bot.services.ports import Transaction
from bot.services.records import Conversation, Draft, Message


def add_reply(tx: Transaction, conversation: str, event: str, reply: Reply, now: datetime) -> Message:
    """Store a reply to the message `event`."""
    buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    body = {**reply.body, **({"buttons": buttons} if buttons else {})}
    message = Message(uuid.uuid4().hex, conversation, 0, "bot", reply.text, now, reply_to=event, body=body)
    stored = tx.conversations.add_message(message)
    if stored is None:
        raise NotFound(f"there is no {conversation}")
    return stored


def said_by_form(draft: Draft | None, event: str) -> list[Reply]:
    """What the form said to this very message; nothing if it is new to the form."""
    if draft is None or draft.last_event != event:
        return []
    return [
        Reply(one["text"], tuple(Button(title, payload) for title, payload in one["buttons"]), one["body"])
        for one in draft.state.get("said", ())
    ]


def in_place_of_excuse(tx: Transaction, message: Message, replies: Sequence[Reply]) -> Sequence[Reply]:
    """Give what the form said meanwhile instead of an excuse for the engine's silence."""
    if not any(reply.excuse for reply in replies):
        return replies
    said = said_by_form(tx.drafts.get(message.conversation), message.id)
    return [*(reply for reply in replies if not reply.excuse), *said] if said else replies


def tell_late(
    tx: Transaction, thread: Conversation, event: str, replies: Sequence[Reply], phrases: Phrasebook, now: datetime
) -> None:
    """Put into the conversation what is said to a message that got its excuse already."""
    if replies and tx.conversations.was_answered(event):
        for reply in (phrases.say("late_reply"), *replies):
            add_reply(tx, thread.id, event, reply, now)
