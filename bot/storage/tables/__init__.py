"""The tables; a migration in `migrations/versions` follows every change here, and a test compares the two."""

from bot.storage.tables.accounts import (
    staff_links,
    staff_members,
    staff_memberships,
    staff_recovery_codes,
    staff_sessions,
)
from bot.storage.tables.base import metadata
from bot.storage.tables.casework import audit_head, audit_records, handoffs
from bot.storage.tables.company_settings import canned_answers, closed_days, company_settings
from bot.storage.tables.conversations import (
    conversations,
    drafts,
    engine_states,
    messages,
    postings,
    unanswered_questions,
)
from bot.storage.tables.delivery import outbox
from bot.storage.tables.desk_work import case_alerts, notes, presences, request_lookup
from bot.storage.tables.keys import data_keys
from bot.storage.tables.machines import machines
from bot.storage.tables.operation import job_runs
from bot.storage.tables.pictures import picture_pieces, pictures
from bot.storage.tables.register import customer_lookup, customers
from bot.storage.tables.requests import codes, limits, requests, suppressions
from bot.storage.tables.statistics import daily_counts
from bot.storage.tables.tasks import document_links, request_tasks

__all__ = [
    "audit_head",
    "audit_records",
    "canned_answers",
    "case_alerts",
    "closed_days",
    "codes",
    "company_settings",
    "conversations",
    "customer_lookup",
    "customers",
    "daily_counts",
    "data_keys",
    "document_links",
    "drafts",
    "engine_states",
    "handoffs",
    "job_runs",
    "limits",
    "machines",
    "messages",
    "metadata",
    "notes",
    "outbox",
    "picture_pieces",
    "pictures",
    "postings",
    "presences",
    "request_lookup",
    "request_tasks",
    "requests",
    "staff_links",
    "staff_members",
    "staff_memberships",
    "staff_recovery_codes",
    "staff_sessions",
    "suppressions",
    "unanswered_questions",
]
