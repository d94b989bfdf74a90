"""Pictures as staff see them, and their destruction."""

from __future__ import annotations

from bot.errors import NotFound
from bot.services.casework.worker import Worker, thread_of
from bot.services.ports import Clock, Store, Transaction
from bot.services.records import Picture


class StaffPictures:
    """Raises NotFound for what isn't theirs to see."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def look(self, worker: Worker, conversation: str, picture_id: str) -> tuple[Picture, bytes]:
        """Read a picture."""
        with self._store.transaction(read_only=True) as tx:
            return _picture_of(tx, worker, conversation, picture_id), tx.pictures.content(picture_id)

    def destroy(self, worker: Worker, conversation: str, picture_id: str) -> None:
        """Destroy what must not be kept (a My Number, somebody else's face); a second press changes nothing."""
        with self._store.transaction() as tx:
            thread_of(tx, worker, conversation, lock=True)
            picture = tx.pictures.get(picture_id)
            if picture is None or picture.conversation != conversation:
                return
            tx.pictures.delete(picture.id)
            action, subject = "conversation.picture_destroyed", f"conversation:{conversation}"
            tx.audit.append(
                worker.actor, action, subject, worker.company, {"picture": picture.id}, {}, self._clock.now()
            )


def _picture_of(tx: Transaction, worker: Worker, conversation: str, picture_id: str) -> Picture:
    thread_of(tx, worker, conversation)
    picture = tx.pictures.get(picture_id)
    if picture is None or picture.conversation != conversation:
        raise NotFound(f"there is no picture {picture_id}")
    return picture
