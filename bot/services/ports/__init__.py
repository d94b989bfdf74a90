"""What the services need from the outside; storage, delivery and the engine implement it."""

from bot.services.ports.casework import Audit, Handoffs
from bot.services.ports.conversations import Conversations, Drafts, EngineStates, Postings, Unanswered
from bot.services.ports.delivery import Outbox
from bot.services.ports.engine import UNDERSTOOD, BusinessCalendar, Clock, DialogueEngine, EngineReply, Keys
from bot.services.ports.machines import Machines
from bot.services.ports.requests import Codes, Customers, Limits, RequestFilter, RequestList, Requests, Suppressions
from bot.services.ports.staff import Staff, StaffLinks, StaffSessions
from bot.services.ports.store import Store, Transaction
from bot.services.ports.tasks import DocumentLinks, RequestTasks

__all__ = [
    "UNDERSTOOD",
    "Audit",
    "BusinessCalendar",
    "Clock",
    "Codes",
    "Conversations",
    "Customers",
    "DialogueEngine",
    "DocumentLinks",
    "Drafts",
    "EngineReply",
    "EngineStates",
    "Handoffs",
    "Keys",
    "Limits",
    "Machines",
    "Outbox",
    "Postings",
    "RequestFilter",
    "RequestList",
    "RequestTasks",
    "Requests",
    "Staff",
    "StaffLinks",
    "StaffSessions",
    "Store",
    "Suppressions",
    "Transaction",
    "Unanswered",
]
