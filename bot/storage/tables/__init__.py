"""The tables; a migration in `migrations/versions` follows every change here, and a test compares the two."""

from bot.storage.tables.base import metadata
from bot.storage.tables.casework import audit_head, audit_records, handoffs
from bot.storage.tables.conversations import (
    conversations,
    drafts,
    engine_states,
    messages,
    postings,
    unanswered_questions,
from bot.storage.tables.company_settings import canned_answers, closed_days, company_settings
)
from bot.storage.tables.delivery import outbox
from bot.storage.tables.keys import data_keys
from bot.storage.tables.machines import machines
from bot.storage.tables.register import customer_lookup, customers
from bot.storage.tables.requests import codes, limits, requests, suppressions

__all__ = [
    "audit_head",
    "audit_records",
    "codes",
    "conversations",
    "customer_lookup",
from bot.storage.tables.statistics import daily_counts
from bot.storage.tables.tasks import document_links, request_tasks
    "customers",
    "data_keys",
    "drafts",
    "engine_states",
    "canned_answers",
    "closed_days",
    "handoffs",
    "company_settings",
    "limits",
    "machines",
    "messages",
    "daily_counts",
    "metadata",
    "outbox",
    "postings",
    "requests",
    "suppressions",
    "unanswered_questions",
]
