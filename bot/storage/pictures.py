"""Customers' pictures, sealed in pieces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.services.records import Picture
from bot.storage.repository import Repository
from bot.storage.tables import picture_pieces, pictures

PIECE_BYTES = 65_536


@dataclass(frozen=True)
class _Piece:
    id: str
    picture: str
    number: int
    content: bytes


class SqlPictures(Repository):
    """Implement the port of pictures."""

    def add(self, picture: Picture, content: bytes) -> None:
        """Insert."""
        self._run(insert(pictures), self._row(pictures, picture))
        starts = range(0, len(content), PIECE_BYTES)
        pieces = [
            _Piece(f"{picture.id}:{number}", picture.id, number, content[start : start + PIECE_BYTES])
            for number, start in enumerate(starts)
        ]
        self._run(insert(picture_pieces), [self._row(picture_pieces, piece) for piece in pieces])

    def get(self, picture_id: str) -> Picture | None:
        """Find by the id of the message that brought it."""
        return self._found(Picture, pictures, select(pictures).where(pictures.c.id == picture_id))

    def content(self, picture_id: str) -> bytes:
        """Read it; empty if it isn't there."""
        query = select(picture_pieces).where(picture_pieces.c.picture == picture_id).order_by(picture_pieces.c.number)
        return b"".join(piece.content for piece in self._records(_Piece, picture_pieces, self._run(query)))

    def of(self, conversation_id: str) -> list[Picture]:
        """Those of a conversation, oldest first."""
        query = select(pictures).where(pictures.c.conversation == conversation_id)
        return self._records(Picture, pictures, self._run(query.order_by(pictures.c.kept_at, pictures.c.id)))

    def delete(self, picture_id: str) -> bool:
        """Destroy for good; False if it isn't there."""
        deleted = self._run(delete(pictures).where(pictures.c.id == picture_id)).rowcount
        self._note_erasure(pictures, picture_id)
        return bool(deleted)

    def delete_older(self, before: datetime) -> int:
        """Destroy those kept before; return how many."""
        return int(self._run(delete(pictures).where(pictures.c.kept_at < before)).rowcount)
