"""The console: the table of its pages, and the app made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount

from bot.bootstrap import Services, build_machine_register
from bot.console.account_pages import AccountPages
from bot.console.answer_pages import AnswerPages
from bot.console.assets import Assets
from bot.console.audit_pages import AuditPages
from bot.console.case_words import CaseWords
from bot.console.conversation_pages import ConversationPages
from bot.console.cookies import Cookies
from bot.console.dead_letter_pages import DeadLetterPages
from bot.console.factor_pages import FactorPages
from bot.console.frame import Frame
from bot.console.guard import Guard
from bot.console.home_pages import HomePages
from bot.console.hours_pages import HoursPages
from bot.console.link_pages import LinkPages
from bot.console.live_pages import LivePages
from bot.console.machine_pages import MachinePages
from bot.console.overview_pages import OverviewPages
from bot.console.page import OpenPage, Page
from bot.console.picture_pages import PicturePages
from bot.console.policy_pages import PolicyPages
from bot.console.queue_pages import QueuePages
from bot.console.request_decision_pages import RequestDecisionPages
from bot.console.request_identity_pages import RequestIdentityPages
from bot.console.request_pages import RequestPages
from bot.console.request_record_pages import RequestRecordPages
from bot.console.sign_in_pages import SignInPages
from bot.console.staff_pages import StaffPages
from bot.errors import MadoguchiError, SettingError
from bot.services.converse import Desk
from bot.services.notifier import Notifier

if TYPE_CHECKING:
    from bot.channels.line.channel import LineChannel


@dataclass(frozen=True)
class House:
    """What the pages stand on."""

    services: Services
    desk: Desk
    notifier: Notifier
    line: LineChannel | None = None


def company_pages(house: House, frame: Frame) -> list[Page]:
    """All pages of a company; the menu has them in this order."""
    services = house.services
    return [
        *HomePages(services.companies, frame).pages(),
        *_case_pages(house, frame),
        *_request_pages(services, frame),
        *_settings_pages(services, frame),
        *StaffPages(services.staff.register, services.companies, frame).pages(),
        *MachinePages(build_machine_register(services.store, services.settings), frame).pages(),
        *_oversight_pages(services, frame),
    ]


def _settings_pages(services: Services, frame: Frame) -> list[Page]:
    companies, phrases = services.companies, services.phrases
    return [
        *OverviewPages(services.overview, companies, phrases, frame).pages(),
        *AnswerPages(services.canned_answers, frame).pages(),
        *HoursPages(services.company_settings, companies, services.clock, frame).pages(),
    ]


def _oversight_pages(services: Services, frame: Frame) -> list[Page]:
    return [
        *DeadLetterPages(services.dead_letters, frame).pages(),
        *PolicyPages(services.store, services.companies, services.phrases, frame).pages(),
        *AuditPages(services.audit_log, frame).pages(),
    ]


def _case_pages(house: House, frame: Frame) -> list[Page]:
    services = house.services
    casework, companies, words = services.casework, services.companies, CaseWords(services.phrases)
    return [
        *QueuePages(casework, companies, words, frame).pages(),
        *ConversationPages(casework, services.canned_answers, companies, words, frame, house.line).pages(),
        *PicturePages(casework.pictures, frame).pages(),
        *LivePages(casework, services.notifier).pages(),
    ]


def _request_pages(services: Services, frame: Frame) -> list[Page]:
    files, work, decisions = services.request_files, services.request_work, services.decisions
    companies, phrases, clock = services.companies, services.phrases, services.clock
    return [
        *RequestPages(files, work, decisions, companies, phrases, clock, frame).pages(),
        *RequestIdentityPages(files, work, phrases, frame).pages(),
        *RequestDecisionPages(files, decisions, phrases, frame).pages(),
        *RequestRecordPages(files, services.disclosures, frame).pages(),
    ]


def open_pages(house: House, frame: Frame, cookies: Cookies) -> list[OpenPage]:
    """All pages outside a company."""
    staff, settings = house.services.staff, house.services.settings
    sign_in = SignInPages(staff, cookies, frame)
    return [
        *HomePages(house.services.companies, frame).open_pages(),
        *sign_in.pages(),
        *FactorPages(staff, cookies, frame).pages(),
        *LinkPages(staff, sign_in, frame).pages(),
        *AccountPages(staff, settings, frame).pages(),
    ]


def build_console(house: House) -> Mount:
    """Make the app that is mounted at /staff."""
    services = house.services
    cookies, guard, assets = _cookies(services), build_guard(services), Assets()
    frame = Frame(services.phrases, services.companies, services.clock, cookies, assets)
    pages, outside = company_pages(house, frame), open_pages(house, frame, cookies)
    _check_names(services.companies.ids(), outside)
    routes = [assets.route(), *(guard.open_route(page) for page in outside), *(guard.route(page) for page in pages)]
    handlers = {
        HTTPException: frame.answer_http_error,
        MadoguchiError: frame.answer_error,
        Exception: frame.answer_fault,
    }
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.state.pages, app.state.outside = pages, outside
    return Mount("/staff", app=app)


def build_guard(services: Services) -> Guard:
    """Make what decides who sees what."""
    return Guard(services.staff.sessions, _cookies(services), services.companies)


def _cookies(services: Services) -> Cookies:
    return Cookies(services.store.vault, tls=services.settings.base_url.startswith("https:"))


def _check_names(companies: list[str], outside: list[OpenPage]) -> None:
    """Refuse a company whose address would be another page's."""
    taken = {"static", *(page.path.split("/")[1] for page in outside)}
    for company in companies:
        if company in taken:
            raise SettingError(f"the company folder {company!r} has the name of a page of the console; rename it")
