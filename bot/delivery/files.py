"""The outbox as files, where no mail server or SMS provider is set."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.delivery.mime import build_email, key_digest
from bot.delivery.sender import DeliveryError
from bot.services.records import OutboundMessage

E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class EmailFiles:
    """Write one `.eml` a message; a repeat writes the same file again."""

    def __init__(self, folder: Path, sender: str, company_name: Callable[[str], str]) -> None:
        self._folder = folder
        self._sender = sender
        self._company_name = company_name

    async def send(self, message: OutboundMessage) -> None:
        """Write the file, whole or not at all."""
        email = build_email(message, self._sender, self._company_name(message.company), to_read=True)
        await asyncio.to_thread(_write, self._folder, message, ".eml", email)


class SmsFiles:
    """Write one `.txt` a message: `To: +81…`, a blank line, the text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: OutboundMessage) -> None:
        """Write the file, whole or not at all."""
        text = f"To: {phone_of(message)}\n\n{message.text}\n"
        await asyncio.to_thread(_write, self._folder, message, ".txt", text.encode("utf-8", "replace"))


def phone_of(message: OutboundMessage) -> str:
    """The recipient of an SMS; raise DeliveryError for what is no number."""
    if not E164.fullmatch(message.recipient):
        raise DeliveryError("the recipient is no phone number", permanent=True)
    return message.recipient


def _write(folder: Path, message: OutboundMessage, suffix: str, content: bytes) -> None:
    name = f"{message.created_at:%Y%m%dT%H%M%S}-{key_digest(message)}"
    draft = folder / f".{name}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / f"{name}{suffix}")
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise DeliveryError(f"the outbox folder can't be written: {error.strerror}") from error
