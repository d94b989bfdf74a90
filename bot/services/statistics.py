"""What is counted of conversations: enough to see what is asked and what goes unanswered, and nothing of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.privacy.due_dates import jst_date
from bot.services.phrases import Reply
from bot.services.ports import Transaction
from bot.services.ports.statistics import Counted
from bot.services.records import Conversation, Message

BY_BOT, BY_STAFF = "bot", "staff"
BEGUN = Counted("conversation", "begun")
COVERED = Counted("answer", "covered")
NOT_COVERED = Counted("answer", "not_covered")
"""A message that wasn't understood counts as an answer too, by the reason that its question is kept with."""


def count(tx: Transaction, thread: Conversation, things: Sequence[Counted], now: datetime) -> None:
    """Count within the transaction of what is counted, so that it costs none of its own and nothing counts twice."""
    if thread.company is not None:
        tx.statistics.count(thread.company, thread.store, jst_date(now), things)


def things_of(thread: Conversation, message: Message, replies: Sequence[Reply]) -> list[Counted]:
    """What there is to count of an answered message: who answered it, and by which topics of the policy."""
    owner = BY_STAFF if thread.owner == "staff" else BY_BOT
    begun = [BEGUN] if message.seq == 1 else []
    told = [reply.body for reply in replies if "covered" in reply.body]
    answers = [COVERED if body["covered"] else NOT_COVERED for body in told]
    topics = [Counted("topic", str(topic)) for body in told for topic in body.get("topics", ())]
    return [*begun, Counted("message", owner), *answers, *topics]
