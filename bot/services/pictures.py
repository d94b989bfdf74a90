"""Customers' pictures: taken only where a person will look at them, and refused in words everywhere else."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.errors import Busy, Unavailable
from bot.privacy.handoff import HandoffReason
from bot.privacy.statuses import ENDED
from bot.services.handoffs import open_case
from bot.services.ports import Clock, RequestFilter, Store, Transaction
from bot.services.ports.pictures import PictureSource
from bot.services.records import Conversation, Message, Picture
from bot.settings import Settings

MOST_PICTURES = 20
"""In one conversation at a time: more are seldom looked at, and nobody shall fill the disk."""
PATIENCE = timedelta(minutes=1)
"""After that a picture that its channel can't give is given up, so that what comes after it is answered."""
_MEGABYTE = 1_000_000

KEPT, REFUSED, UNFIT, TOO_LARGE, TOO_MANY, LOST = (
    "picture_kept",
    "line_image",
    "picture_unfit",
    "picture_too_large",
    "picture_too_many",
    "picture_lost",
)
"""The phrases that answer a picture."""


def media_type(content: bytes) -> str | None:
    """What an image file says of itself in its first bytes; None for any other file, whatever its name."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


class PictureDesk:
    """Takes pictures in; `take` gives the phrase that answers one."""

    def __init__(self, store: Store, source: PictureSource, clock: Clock, settings: Settings) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self._limit = settings.image_megabytes * _MEGABYTE

    async def take(self, thread: Conversation, message: Message) -> str:
        """Fetch and keep a picture if a person will look at it; raise Busy while its channel can't give it."""
        answer = await asyncio.to_thread(self._known_answer, thread.id, message.id)
        if answer is not None:
            return answer
        try:
            content = await self._source.fetch(str(thread.company), str(message.body["picture"]))
        except Unavailable as error:
            if self._clock.now() - message.created_at > PATIENCE:
                return LOST
            raise Busy("the channel doesn't give the picture just now") from error
        if content is None:
            return LOST
        return await asyncio.to_thread(self._judge, message, content)

    def _known_answer(self, conversation: str, message: str) -> str | None:
        with self._store.transaction(read_only=True) as tx:
            return _answer(tx, conversation, message)

    def _judge(self, message: Message, content: bytes) -> str:
        kind = media_type(content)
        if kind is None:
            return UNFIT
        if len(content) > self._limit:
            return TOO_LARGE
        picture = Picture(message.id, message.conversation, kind, self._clock.now())
        with self._store.transaction() as tx:
            thread = tx.conversations.lock(message.conversation)
            # It may have been taken back, or another worker been faster, while it came over the network.
            if (answer := _answer(tx, message.conversation, message.id)) is not None:
                return answer
            if thread is None or tx.conversations.message_by_event(thread.id, message.event_id or "") is None:
                return LOST
            tx.pictures.add(picture, content)
            _record(tx, picture, thread.company)
            if thread.owner == "bot" and thread.company is not None:
                # It belongs to a request, and whoever works on that isn't in this conversation.
                reason, event = HandoffReason.PICTURE, f"picture:{picture.id}"
                open_case(tx, thread.id, thread.company, reason, event, picture.kept_at)
        return KEPT


def _record(tx: Transaction, picture: Picture, company: str | None) -> None:
    action, subject = "conversation.picture_kept", f"conversation:{picture.conversation}"
    tx.audit.append("customer", action, subject, company, {}, {"picture": picture.id}, picture.kept_at)


def _answer(tx: Transaction, conversation: str, message: str) -> str | None:
    """Give what is to be said without looking at the picture; None if it is to be fetched."""
    kept = tx.pictures.of(conversation)
    if any(one.id == message for one in kept):
        return KEPT
    if not _somebody_looks(tx, conversation):
        return REFUSED
    return TOO_MANY if len(kept) >= MOST_PICTURES else None


def _somebody_looks(tx: Transaction, conversation: str) -> bool:
    """Whether staff have the conversation, or work on a request that was made in it."""
    thread = tx.conversations.get(conversation)
    if thread is not None and thread.owner == "staff":
        return True
    return any(one.status not in ENDED for one in tx.requests.find(RequestFilter(conversation=conversation)))
