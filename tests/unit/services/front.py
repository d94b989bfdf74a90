"""The conversation over an engine that a test writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.knowledge.library import PolicyLibrary
from bot.services.converse import Desk
from bot.services.phrases import Phrasebook
from bot.services.ports import EngineReply
from bot.services.records import Message
from bot.settings import ROOT

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
COMPANIES = PolicyLibrary(ROOT / "data" / "policies")
CONVERSATION = "c1"


class FakeEngine:
    """Says what it was asked, or what a test wants it to do."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.answer: Callable[[str], list[EngineReply]] = lambda text: [EngineReply(f"答え：{text}")]

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        self.asked.append((conversation, text, metadata))
        return self.answer(text)


async def exchange(front: Desk, text: str, event: str) -> list[Message]:
    accepted = front.accept(CONVERSATION, text, event)
    await front.work(CONVERSATION)
    return [message for message in front.transcript(CONVERSATION) if message.reply_to == accepted.message.id]


async def say(front: Desk, text: str, event: str = "e1") -> list[str]:
    return [message.text for message in await exchange(front, text, event)]
