"""The only wiring: which implementation stands behind each port."""

from __future__ import annotations

from dataclasses import dataclass

from bot.delivery.line_pictures import LinePictures
from bot.engine.client import HttpEngine, engine_token
from bot.engine.pool import EnginePool
from bot.knowledge.library import PolicyLibrary
from bot.services.answers import PolicyAnswers
from bot.services.audit_log import AuditLog
from bot.services.business_calendar import CompanyCalendar
from bot.services.canned_answers import CannedAnswers
from bot.services.casework import Casework, build_casework
from bot.services.clock import SystemClock
from bot.services.company_settings import CompanySettings
from bot.services.converse import Desk
from bot.services.customer_news import CustomerNews
from bot.services.dead_letters import DeadLetters
from bot.services.decisions import Decisions
from bot.services.disclosures import Disclosures
from bot.services.document_delivery import DocumentDelivery
from bot.services.due_requests import DueRequests
from bot.services.effective_companies import EffectiveCompanies
from bot.services.handoffs import Handoffs
from bot.services.intake import Intake
from bot.services.machines import MachineRegister
from bot.services.notices import Notices
from bot.services.notifier import LocalNotifier, Notifier
from bot.services.overview import Overview
from bot.services.phrases import Phrasebook
from bot.services.pictures import PictureDesk
from bot.services.ports import Clock, DialogueEngine
from bot.services.request_files import RequestFiles
from bot.services.request_work import RequestWork
from bot.services.requests import RequestDesk
from bot.services.small_talk import SmallTalk
from bot.services.staff.services import StaffServices, build_staff_services
from bot.services.verification import Verification
from bot.services.webhook_targets import WebhookRules
from bot.settings import ROOT, Settings
from bot.storage.erasures import ErasureLog
from bot.storage.store import SqlStore
from bot.storage.vault import Vault

LANGUAGE = "ja"


@dataclass(frozen=True)
class Services:
    """The use cases of the desk, over one store."""

    settings: Settings
    store: SqlStore
    notifier: Notifier
    clock: Clock
    companies: EffectiveCompanies
    phrases: Phrasebook
    handoffs: Handoffs
    casework: Casework
    answers: PolicyAnswers
    intake: Intake
    requests: RequestDesk
    decisions: Decisions
    request_work: RequestWork
    request_files: RequestFiles
    disclosures: Disclosures
    document_delivery: DocumentDelivery
    due_requests: DueRequests
    small_talk: SmallTalk
    staff: StaffServices
    company_settings: CompanySettings
    canned_answers: CannedAnswers
    overview: Overview
    dead_letters: DeadLetters
    audit_log: AuditLog


def build_keys(settings: Settings) -> Vault:
    """The keyed hashes alone, for what needs no database."""
    return Vault(settings.secret_key)


def build_notifier(settings: Settings) -> Notifier:
    """Wire how processes tell each other what is new; raise SettingError for a REDIS_URL that can't be one."""
    if not settings.redis_url:
        return LocalNotifier()
    # Imported here: most desks are one machine without Redis.
    from bot.delivery.redis_notifier import RedisNotifier

    # Desks that share a Redis have each a key of their own, and so a channel.
    return RedisNotifier(settings.redis_url, f"madoguchi:{build_keys(settings).digest('redis', 'channel')[:32]}")


def build_store(
    settings: Settings, clock: Clock | None = None, notifier: Notifier | None = None, impatient: bool = False
) -> SqlStore:
    """Open the database, whose schema `madoguchi migrate` has made; raise SettingError for another SECRET_KEY.

    Be `impatient` where a customer waits: a database that says nothing for some seconds is given up.
    """
    erasures = ErasureLog(settings.var_dir / "erasures.log")
    store = SqlStore(settings.database, build_keys(settings), clock or SystemClock(), erasures, impatient=impatient)
    store.announce = (notifier or build_notifier(settings)).publish
    store.prepare()
    return store


def build_phrases() -> Phrasebook:
    """What the desk says."""
    return Phrasebook.load(ROOT / "data" / "responses" / LANGUAGE)


def build_companies(settings: Settings) -> PolicyLibrary:
    """The companies as their files have them, for what needs no database."""
    return PolicyLibrary(settings.company_dir)


def build_services(settings: Settings, clock: Clock | None = None, impatient: bool = False) -> Services:
    """Wire the use cases; `impatient` as `build_store` has it."""
    clock = clock or SystemClock()
    notifier = build_notifier(settings)
    store = build_store(settings, clock, notifier, impatient)
    phrases = build_phrases()
    companies = EffectiveCompanies(settings.company_dir, store)
    calendar = CompanyCalendar(companies)
    handoffs = Handoffs(store, phrases, calendar, clock)
    requests = RequestDesk(store, CustomerNews(phrases, companies), calendar)
    decisions = Decisions(store, requests, companies, phrases, clock)
    disclosures = Disclosures(store, companies, phrases, store.vault, clock, settings)
    verification = Verification(store.vault, Notices(phrases), settings)
    intake = Intake(store, phrases, store.vault, clock, settings, companies)
    return Services(
        settings=settings,
        store=store,
        notifier=notifier,
        clock=clock,
        companies=companies,
        phrases=phrases,
        handoffs=handoffs,
        casework=build_casework(store, companies, calendar, phrases, clock, settings),
        answers=PolicyAnswers(store, phrases, clock),
        intake=intake,
        requests=requests,
        decisions=decisions,
        request_work=RequestWork(store, requests, companies, clock, settings.contact_hold_days),
        request_files=RequestFiles(store, companies, decisions, calendar, phrases, clock),
        disclosures=disclosures,
        document_delivery=DocumentDelivery(store, companies, disclosures, verification, store.vault, clock),
        due_requests=DueRequests(store, phrases, clock, companies, requests),
        small_talk=SmallTalk(store, phrases, handoffs, intake, clock),
        staff=build_staff_services(store, store.vault, clock, settings, companies, phrases),
        company_settings=CompanySettings(store, companies, clock),
        canned_answers=CannedAnswers(store, clock),
        overview=Overview(store, clock),
        dead_letters=DeadLetters(store, clock),
        audit_log=AuditLog(store, phrases),
    )


def build_machine_register(store: SqlStore, settings: Settings) -> MachineRegister:
    """Wire who may call the API for help desks."""
    return MachineRegister(store, store.vault, store.clock, WebhookRules.of(settings))


def build_warm_services(settings: Settings) -> Services:
    """Wire the use cases and read all policies now: the first customer shall not wait, for it or the database."""
    services = build_services(settings, impatient=True)
    for company in services.companies.ids():
        services.companies.get(company)
    return services


def build_engines(settings: Settings) -> DialogueEngine:
    """Wire the way to the engines on loopback."""
    token = engine_token(build_keys(settings))
    engines = [HttpEngine(url, token, settings.engine_timeout_s) for url in settings.engine_urls]
    return EnginePool(engines, settings.engine_queue)


def build_desk(services: Services, engine: DialogueEngine | None = None) -> Desk:
    """Wire the conversation; without an engine given, over HTTP to those on loopback."""
    settings = services.settings
    source = LinePictures(settings.line_api_base)
    return Desk(
        services.store,
        engine or build_engines(settings),
        services.companies,
        services.phrases,
        services.handoffs,
        services.intake.expectation,
        services.clock,
        settings,
        PictureDesk(services.store, source, services.clock, settings),
    )
