"""What becomes of a request reaches its customer: in the conversation and, once verified, by e-mail or a short SMS."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.knowledge.library import PolicyLibrary
from bot.privacy.japanese_dates import show_date
from bot.privacy.request_types import request_type
from bot.services.contacts import is_mobile
from bot.services.notices import Notices, company_words
from bot.services.phrases import Phrasebook
from bot.services.ports import Transaction
from bot.services.records import DataSubjectRequest, Message, OutboundMessage


@dataclass(frozen=True)
class Letter:
    """News as the customer gets it; a way on which it doesn't go is None."""

    chat: str | None
    mail: OutboundMessage | None


class CustomerNews:
    """News whose texts are the phrases `chat_<name>` and `mail_<name>`."""

    def __init__(self, phrases: Phrasebook, companies: PolicyLibrary) -> None:
        self._phrases = phrases
        self.notices = Notices(phrases)
        self._companies = companies

    def words(self, request: DataSubjectRequest) -> dict[str, object]:
        """Name a request and its company as phrases do."""
        return {
            **company_words(self._companies.get(request.company)),
            "receipt": request.receipt,
            "type": request_type(request.type).label,
            "due": show_date(request.due_date),
        }

    def compose(
        self,
        tx: Transaction,
        request: DataSubjectRequest,
        name: str,
        words: Mapping[str, object],
        key: str = "",
        now: datetime | None = None,
    ) -> Letter:
        """Write the news without sending it; e-mail and SMS go to the contact on file of a verified person alone.

        An SMS only says that there is news: for who has no e-mail, and no LINE in which the news itself arrives.
        """
        all_words = {**self.words(request), **words}
        thread = tx.conversations.get(request.conversation) if request.conversation else None
        chat = self._phrases.text(f"chat_{name}", **all_words) if thread else None
        customer = tx.customers.get(request.customer) if request.customer and request.verified else None
        company, at = self._companies.get(request.company), now or request.created_at
        if customer and customer.email:
            return Letter(chat, self.notices.compose(company, customer.email, name, key, at, all_words))
        if customer and is_mobile(customer.phone) and request.channel != "line":
            return Letter(chat, self.notices.compose(company, customer.phone, "news", key, at, all_words))
        return Letter(chat, None)

    def tell(
        self,
        tx: Transaction,
        request: DataSubjectRequest,
        name: str,
        key: str,
        now: datetime,
        words: Mapping[str, object],
    ) -> None:
        """Tell it wherever the customer can hear it; `key` makes the same news come once.

        What stands in a conversation, its channel brings to the customer, LINE's poster as well as the web's stream.
        """
        letter = self.compose(tx, request, name, words, key, now)
        if letter.mail:
            tx.outbox.add(letter.mail)
        if letter.chat is not None and request.conversation:
            tx.conversations.lock(request.conversation)
            tx.conversations.add_message(Message(uuid.uuid4().hex, request.conversation, 0, "bot", letter.chat, now))
