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


class EngineGone(Unavailable):
    """Nobody listens there, or the connection broke: another engine may be asked."""


class EngineSilent(Unavailable):
    """It listens and doesn't answer in time: the customer has waited long enough."""


class HttpEngine:
    """The dialogue engine for who runs outside it."""

    def __init__(self, base_url: str, token: str, timeout_s: float) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url, headers={TOKEN_HEADER: token}, timeout=httpx.Timeout(timeout_s, connect=2)
        )

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        """Ask the engine; raise EngineGone or EngineSilent, and Unavailable for an answer that is none."""
        message = {"conversation": conversation, "text": text, "metadata": metadata}
        try:
            answer = await self._client.post(PATH, json=message)
            answer.raise_for_status()
            return [EngineReply(item["text"], tuple(item["buttons"]), item["custom"]) for item in answer.json()]
        except httpx.TimeoutException as error:
            raise EngineSilent(_failure(error)) from error
        except httpx.TransportError as error:
            raise EngineGone(_failure(error)) from error
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise Unavailable(_failure(error)) from error


def _failure(error: Exception) -> str:
    return f"the dialogue engine did not answer: {type(error).__name__}"
