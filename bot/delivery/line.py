"""LINE pushes: what goes to a customer without a webhook to reply to."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from bot.delivery.sender import DeliveryError
from bot.services.records import OutboundMessage
from bot.settings import LineCredentials, load_line_credentials

KIND = "line"


def as_text(messages: Sequence[Any]) -> str:
    """Write the SDK's messages the way the outbox keeps them."""
    return json.dumps([message.to_dict() for message in messages], ensure_ascii=False)


def retry_key(message: OutboundMessage) -> str:
    """The UUID by which LINE knows a repeat: always the same for the same cause."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"line-push:{message.key}"))


class LinePusher:
    """Push messages to LINE users, each company through its own account."""

    def __init__(self, host: str, credentials: Callable[[str], LineCredentials | None] = load_line_credentials) -> None:
        self._host = host
        self._credentials = credentials

    async def send(self, message: OutboundMessage) -> None:
        """Hand over to LINE under the key of its cause, so that a repeat is no second message."""
        credentials = self._credentials(message.company)
        if credentials is None:
            raise DeliveryError("the company has no LINE account set up")
        # Imported here: two seconds and 60 MB for a library that desks without LINE don't use.
        from linebot.v3.messaging import Message as LineMessage

        from bot.delivery.line_client import LineClient

        messages = [LineMessage.from_dict(item) for item in json.loads(message.text)]
        async with LineClient(self._host, credentials.channel_access_token) as client:
            await client.push(message.recipient, messages, retry_key(message))
