"""What becomes of a request reaches its customer: in the conversation, by LINE push and, once verified, by e-mail."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from bot.knowledge.library import PolicyLibrary
from bot.privacy.japanese_dates import show_date
from bot.privacy.request_types import request_type
from bot.services.notices import Notices, company_words
from bot.services.phrases import Phrasebook
from bot.services.ports import Transaction
from bot.services.records import DataSubjectRequest, Message, OutboundMessage


class CustomerNews:
    """News whose texts are the phrases `chat_<name>` and `mail_<name>`."""

    def __init__(self, phrases: Phrasebook, companies: PolicyLibrary) -> None:
        self._phrases = phrases
        self._notices = Notices(phrases)
        self._companies = companies

    def words(self, request: DataSubjectRequest) -> dict[str, object]:
        """Name a request and its company as phrases do."""
        return {
            **company_words(self._companies.get(request.company)),
            "receipt": request.receipt,
            "type": request_type(request.type).label,
            "due": show_date(request.due_date),
        }

    def tell(
        self,
        tx: Transaction,
        request: DataSubjectRequest,
        name: str,
        key: str,
        now: datetime,
        words: Mapping[str, object],
    ) -> None:
        """Tell it wherever the customer can hear it; `key` makes the same news come once."""
        all_words = {**self.words(request), **words}
        self._mail(tx, request, name, key, now, all_words)
        thread = tx.conversations.lock(request.conversation) if request.conversation else None
        if thread is None:
            return
        text = self._phrases.text(f"chat_{name}", **all_words)
        tx.conversations.add_message(Message(uuid.uuid4().hex, thread.id, 0, "bot", text, now))
        if thread.channel == "line" and thread.external_id:
            push = OutboundMessage(
                uuid.uuid4().hex, request.company, "line", thread.external_id, "", text, f"{key}:line", now
            )
            tx.outbox.add(push)

    def _mail(
        self,
        tx: Transaction,
        request: DataSubjectRequest,
        name: str,
        key: str,
        now: datetime,
        words: Mapping[str, object],
    ) -> None:
        """Write to the e-mail on file of a verified person; an address said in the chat gets nothing."""
        customer = tx.customers.get(request.customer) if request.customer and request.verified else None
        if customer and customer.email:
            company = self._companies.get(request.company)
            self._notices.send(tx, company, customer.email, name, key, now, words)
