"""`madoguchi run`, `train` and `work`: the desk itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer

from bot.bootstrap import Services, build_companies, build_desk, build_phrases, build_services, build_store
from bot.cli.options import read_settings
from bot.delivery.registry import build_senders
from bot.delivery.worker import run_worker
from bot.services.jobs import AUDIT_CHECK, HEARTBEAT, check_chain, noted
from bot.services.machine_events import MachineEvents
from bot.services.machines import machine_of
from bot.services.register import import_customers
from bot.services.retention import Retention
from bot.settings import ROOT, Settings, load_settings
from bot.storage.migrate import migrate
from bot.worker import answer_leftovers, repeat, stop_on_signals

DEMO_REGISTERS = ROOT / "data" / "demo"
LEFTOVERS_EVERY_S = 2
WEBHOOKS_EVERY_S = 1
CASES_EVERY_S = 15
BEATS_EVERY_S = 10
HOUR_S = 3600

app = typer.Typer()


@app.command("run")
def run() -> None:
    """Start the whole desk and keep it running until Ctrl-C or SIGTERM."""
    from bot.supervisor.starting import start

    settings = load_settings()
    build_phrases()  # A broken file of phrases is told here, not by four processes at once.
    library = build_companies(settings)
    names = {company: library.get(company).name for company in library.ids()}
    start(settings, names, lambda: _prepare_database(settings), _say)


@app.command("train")
def train(force: Annotated[bool, typer.Option("--force", help="Even if the model matches the data.")] = False) -> None:
    """Train the understanding, unless the model matches the data already."""
    from bot.supervisor.starting import ensure_model

    _say(f"Model: {ensure_model(read_settings(), _say, force=force)}")


@app.command("work")
def work() -> None:
    """Deliver messages, answer what a crash left behind, remind and forget on time; `run` starts one of these."""
    asyncio.run(_work(build_services(read_settings())))


async def _work(services: Services) -> None:
    store, clock, settings = services.store, services.clock, services.settings
    desk = build_desk(services)
    senders = build_senders(settings, lambda company: services.companies.get(company).name, machine_of(store))
    hourly: dict[str, Callable[[], object]] = {
        "reminders": services.due_requests.send_reminders,
        "expiry": lambda: services.due_requests.expire(settings.unproven_days),
        "retention": Retention(store, clock, settings).run,
        AUDIT_CHECK: lambda: check_chain(store),
    }
    beat = noted(store, clock, HEARTBEAT, lambda: None)
    stop = stop_on_signals()
    await asyncio.gather(
        run_worker(store, senders, clock, settings, stop),
        repeat("webhooks", WEBHOOKS_EVERY_S, partial(asyncio.to_thread, MachineEvents(store, clock).relay), stop),
        repeat("waiting", CASES_EVERY_S, partial(asyncio.to_thread, services.casework.waiting.raise_overdue), stop),
        repeat("alerts", CASES_EVERY_S, partial(asyncio.to_thread, services.casework.alerts.send), stop),
        repeat(HEARTBEAT, BEATS_EVERY_S, partial(asyncio.to_thread, beat), stop),
        repeat("leftovers", LEFTOVERS_EVERY_S, lambda: answer_leftovers(store, desk, clock), stop),
        *(
            repeat(name, HOUR_S, partial(asyncio.to_thread, noted(store, clock, name, job)), stop)
            for name, job in hourly.items()
        ),
    )


def _say(line: str) -> None:
    typer.echo(line)


def _prepare_database(settings: Settings) -> str:
    migrate(settings.database)
    kind = settings.database.partition(":")[0].partition("+")[0]
    loaded = 0 if settings.production else _load_made_up_customers(settings)
    return f"{kind}, at the newest schema" + (f"; {loaded} made-up customers loaded" if loaded else "")


def _load_made_up_customers(settings: Settings) -> int:
    """Fill the register of each company that has none, from data/demo."""
    store = build_store(settings)
    loaded = 0
    for company in build_companies(settings).ids():
        register = DEMO_REGISTERS / f"customers-{company}.csv"
        with store.transaction(read_only=True) as tx:
            empty = not tx.customers.count(company)
        if empty and register.is_file():
            loaded += import_customers(store, register, company).added
    store.close()
    return loaded
