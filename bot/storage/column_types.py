"""How values that the database has no word for are kept in a column."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from sqlalchemy import JSON, DateTime, Text
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator):
    """An aware moment, kept in UTC: SQLite knows no time zones, so it gets the naive UTC time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse a naive time, which could be any moment of a day."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its time zone: {value!r}")
        moment = value.astimezone(timezone.utc)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give SQLite's times their zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class EnumValue(TypeDecorator):
    """A member of an enumeration, kept as the text of its value."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        """Refuse what is no member."""
        return None if value is None else str(self.kind(value).value)

    def process_result_value(self, value: str | None, dialect: Any) -> Enum | None:
        """Give the member back."""
        if value is None:
            return None
        return self.kind(int(value) if issubclass(self.kind, int) else value)


class TextTuple(TypeDecorator):
    """A tuple of texts."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Any) -> list[str] | None:
        """Keep it as a JSON array."""
        return None if value is None else list(value)

    def process_result_value(self, value: list[str] | None, dialect: Any) -> tuple[str, ...] | None:
        """Give the tuple back."""
        return None if value is None else tuple(value)


class Sealed(TypeDecorator):
    """A personal value, encrypted: the repositories seal it, the rotation of keys finds it by this type.

    The column itself cannot encrypt, since a ciphertext is bound to its row's id. `shape` is str, bytes, dict or tuple.
    """

    impl = Text
    cache_ok = True

    def __init__(self, shape: type = str) -> None:
        super().__init__()
        self.shape = shape

    def pack(self, value: Any) -> str:
        """The text to encrypt."""
        if self.shape is str:
            return str(value)
        if self.shape is bytes:
            return b64encode(value).decode()
        return json.dumps(dict(value) if self.shape is dict else list(value), ensure_ascii=False)

    def unpack(self, text: str) -> Any:
        """The value of a decrypted text."""
        if self.shape is bytes:
            return b64decode(text)
        return text if self.shape is str else self.shape(json.loads(text))
