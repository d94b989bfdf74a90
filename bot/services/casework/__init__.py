"""What staff do with cases: see the queue, take a case, talk to the customer, give the conversation back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.library import PolicyLibrary
from bot.services.casework.alerts import CaseAlerts
from bot.services.casework.case_file import CaseFiles
from bot.services.casework.cases import Cases
from bot.services.casework.pictures import StaffPictures
from bot.services.casework.queue import StaffQueue
from bot.services.casework.search import CaseSearch
from bot.services.casework.talk import StaffTalk
from bot.services.casework.waiting import Waiting
from bot.services.opening_hours import OpeningHours
from bot.services.phrases import Phrasebook
from bot.services.ports import BusinessCalendar, Clock, Store
from bot.settings import Settings


@dataclass(frozen=True)
class Casework:
    """All that staff need for cases."""

    queue: StaffQueue
    search: CaseSearch
    cases: Cases
    talk: StaffTalk
    pictures: StaffPictures
    files: CaseFiles
    waiting: Waiting
    alerts: CaseAlerts


def build_casework(
    store: Store,
    companies: PolicyLibrary,
    calendar: BusinessCalendar,
    phrases: Phrasebook,
    clock: Clock,
    settings: Settings,
) -> Casework:
    """Wire it."""
    hours = OpeningHours(calendar)
    queue = StaffQueue(store, companies, hours, clock, settings)
    return Casework(
        queue=queue,
        search=CaseSearch(store, queue, clock),
        cases=Cases(store, phrases, clock),
        talk=StaffTalk(store, clock),
        pictures=StaffPictures(store, clock),
        files=CaseFiles(store, clock),
        waiting=Waiting(store, companies, hours, phrases, clock, settings),
        alerts=CaseAlerts(store, companies, phrases, clock, settings),
    )
