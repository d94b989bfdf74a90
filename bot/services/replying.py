"""What is said to a customer's message: by the desk itself, by the engine, or nothing while a person answers."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

from bot.errors import Unavailable
from bot.knowledge.company import Company
from bot.knowledge.library import PolicyLibrary
from bot.knowledge.topics import aspects_of
from bot.privacy.handoff import HandoffReason, wants_bot
from bot.services.handoffs import Handoffs
from bot.services.late_replies import said_by_form
from bot.services.phrases import Button, Phrasebook, Reply
from bot.services.pictures import REFUSED, PictureDesk
from bot.services.ports import DialogueEngine, Store
from bot.services.records import Conversation, Message
from bot.services.turns import Expectation
from bot.settings import Settings

_POLITE_END = re.compile("(?:です|でお願いします)?[。！!]?$")
SHORTEST_NAME = 3
"""Fewer characters of a company's name could mean another one."""


class Replier:
    """Knows who answers a message, and asks them; what is said is kept by the caller."""

    def __init__(
        self,
        store: Store,
        engine: DialogueEngine,
        companies: PolicyLibrary,
        phrases: Phrasebook,
        handoffs: Handoffs,
        settings: Settings,
        pictures: PictureDesk | None,
    ) -> None:
        self._store = store
        self._engine = engine
        self._companies = companies
        self._phrases = phrases
        self._handoffs = handoffs
        self._settings = settings
        self._pictures = pictures

    def greeting(self, company: str) -> Reply:
        """Say what the desk can do, with its main uses as buttons."""
        return self._phrases.say("greeting", company=self._companies.get(company).name)

    async def replies(self, thread: Conversation, message: Message, expectation: Expectation | None) -> list[Reply]:
        """Answer a message, telling first of what was masked in it; raise Busy if the engine has all it can take."""
        replies = await self._answer(thread, message, expectation)
        for kind in message.body.get("masked", ()):
            replies = [self._phrases.say(f"masked_{kind}"), *replies]
        return replies

    async def _answer(self, thread: Conversation, message: Message, expectation: Expectation | None) -> list[Reply]:
        if thread.company is None:
            return await asyncio.to_thread(self._ask_company, thread, message.text)
        if refusal := message.body.get("refusal"):
            return [self._phrases.say(refusal)]
        if message.body.get("picture"):
            return [self._phrases.say(await self._pictures.take(thread, message) if self._pictures else REFUSED)]
        if thread.owner == "staff":
            return await asyncio.to_thread(self._while_staff_own, thread, message.text)
        company = self._companies.get(thread.company)
        if phrase := message.body.get("phrase"):
            return [self._phrases.say(phrase, company=company.name)]
        if message.body.get("too_long"):
            return [self._phrases.say("too_long", limit=self._settings.message_characters)]
        if not message.text.strip():
            return [self._phrases.say("empty_message")]
        try:
            return await self._ask_engine(thread, message, expectation)
        except Unavailable:
            return await asyncio.to_thread(self._without_engine, thread, company, message)

    async def _ask_engine(self, thread: Conversation, message: Message, expectation: Expectation | None) -> list[Reply]:
        metadata = {
            "company": thread.company,
            "conversation": thread.id,
            "channel": thread.channel,
            "message_id": message.id,
            "expectation": expectation and expectation.as_dict(),
            "aspects": aspects_of(thread.last_topics[0]) if thread.last_topics else {},
        }
        said = await self._engine.respond(thread.id, message.text, metadata)
        if not said:
            raise Unavailable("the dialogue engine gave no answer")
        return [
            Reply(reply.text, tuple(Button(b["title"], b["payload"]) for b in reply.buttons), reply.custom or {})
            for reply in said
        ]

    def _without_engine(self, thread: Conversation, company: Company, message: Message) -> list[Reply]:
        with self._store.transaction(read_only=True) as tx:
            said = said_by_form(tx.drafts.get(thread.id), message.id)
        if said:
            return said
        self._handoffs.note(thread.id, company, HandoffReason.ENGINE_DOWN, message.id)
        excuse = self._phrases.say("engine_down", contact=self._handoffs.contact_line(company))
        return [replace(excuse, excuse=True)]

    def _while_staff_own(self, thread: Conversation, text: str) -> list[Reply]:
        """Say nothing while a person answers, unless the customer wants the bot back."""
        if not wants_bot(text):
            return []
        back = self._handoffs.return_to_bot(thread.id)
        return [self._phrases.say("handoff_returned" if back else "handoff_in_hand")]

    def _ask_company(self, thread: Conversation, text: str) -> list[Reply]:
        companies = [self._companies.get(company) for company in self._companies.ids()]
        named = [company for company in companies if _names(company, _POLITE_END.sub("", text.strip()))]
        if len(named) == 1:
            with self._store.transaction() as tx:
                tx.conversations.bind_company(thread.id, named[0].id)
            return [self.greeting(named[0].id)]
        return [
            self._phrases.say("which_company").with_buttons(
                [Button(company.name, company.name) for company in companies]
            )
        ]


def _names(company: Company, said: str) -> bool:
    """Tell whether a customer means the company: by its id, its name, or the better part of it (大蔵自動車)."""
    return said == company.id or company.name in said or (len(said) >= SHORTEST_NAME and said in company.name)
