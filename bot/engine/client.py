"""How the web front and the dialogue engine speak: one POST a message, on loopback, with a token; no Rasa in here."""

from __future__ import annotations

from typing import Any

import httpx

from bot.errors import Unavailable
from bot.services.ports import EngineReply, Keys

TOKEN_HEADER = "X-Desk-Token"  # noqa: S105 - the header's name, no secret
PATH = "/webhooks/desk/webhook"


def engine_token(keys: Keys) -> str:
    """The token that both sides derive from SECRET_KEY."""
    return keys.digest("engine-token", "desk")


def reply_as_json(reply: EngineReply) -> dict[str, Any]:
    """Give a reply's form on the wire."""
    return {"text": reply.text, "buttons": list(reply.buttons), "custom": reply.custom}


class HttpEngine:
    """The dialogue engine for who runs outside it."""

    def __init__(self, base_url: str, token: str, timeout_s: float) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url, headers={TOKEN_HEADER: token}, timeout=httpx.Timeout(timeout_s, connect=2)
        )

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        """Ask the engine; raise Unavailable when it doesn't answer, or not in time."""
        message = {"conversation": conversation, "text": text, "metadata": metadata}
        try:
            answer = await self._client.post(PATH, json=message)
            answer.raise_for_status()
            return [EngineReply(item["text"], tuple(item["buttons"]), item["custom"]) for item in answer.json()]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise Unavailable(f"the dialogue engine did not answer: {type(error).__name__}") from error
