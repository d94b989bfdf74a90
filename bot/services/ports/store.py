"""The database."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.services.ports.casework import Audit, Handoffs
from bot.services.ports.company_settings import CannedAnswers, CompanySettings
from bot.services.ports.conversations import Conversations, Drafts, EngineStates, Postings, Unanswered
from bot.services.ports.delivery import Outbox
from bot.services.ports.desk_work import CaseAlerts, Notes, Presences, RequestLookup
from bot.services.ports.machines import Machines
from bot.services.ports.operation import Operation
from bot.services.ports.pictures import Pictures
from bot.services.ports.queue import Queue
from bot.services.ports.requests import Codes, Customers, Limits, Requests, Suppressions
from bot.services.ports.staff import Staff, StaffLinks, StaffSessions
from bot.services.ports.statistics import Figures, Statistics
from bot.services.ports.tasks import DocumentLinks, RequestTasks


@dataclass(frozen=True)
class Transaction:
    """The repositories within one database transaction."""

    conversations: Conversations
    customers: Customers
    drafts: Drafts
    requests: Requests
    request_tasks: RequestTasks
    document_links: DocumentLinks
    codes: Codes
    limits: Limits
    suppressions: Suppressions
    request_lookup: RequestLookup
    handoffs: Handoffs
    queue: Queue
    notes: Notes
    presences: Presences
    case_alerts: CaseAlerts
    audit: Audit
    outbox: Outbox
    postings: Postings
    pictures: Pictures
    unanswered: Unanswered
    engine_states: EngineStates
    company_settings: CompanySettings
    canned_answers: CannedAnswers
    statistics: Statistics
    figures: Figures
    staff: Staff
    staff_sessions: StaffSessions
    staff_links: StaffLinks
    machines: Machines
    operation: Operation


class Store(Protocol):
    """The database."""

    def transaction(self, read_only: bool = False, durable: bool = True) -> AbstractContextManager[Transaction]:
        """Begin; commit at the end of the block, roll back on an error; raises Unavailable when it is gone.

        Long readings (lists, exports) say `read_only`, so that on SQLite they keep nobody from writing. What isn't
        `durable` survives the end of any process, but a power cut may take its last moments: for what can be made anew.
        """

    def ping(self) -> None:
        """Raise Unavailable unless the database answers."""
