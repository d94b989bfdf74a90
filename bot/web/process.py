"""One process of the public web front."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn
from starlette.routing import Mount
from starlette.types import ASGIApp

from bot.bootstrap import Services, build_desk, build_machine_register, build_services
from bot.channels.machines.api import mount_api
from bot.channels.web.throttle import Throttle
from bot.console.app import House, build_console
from bot.logging import configure_logging
from bot.services.converse import Desk
from bot.services.machine_desk import MachineDesk
from bot.services.ports import DialogueEngine
from bot.settings import Settings, load_line_credentials, load_settings
from bot.web.app import Parts, build_app
from bot.web.documents import Documents
from bot.web.figures import forget_the_dead
from bot.web.listening import listen

if TYPE_CHECKING:
    from bot.channels.line.channel import LineChannel


def create_app(settings: Settings | None = None) -> ASGIApp:
    """Wire the app, as `uvicorn --factory bot.web.process:create_app` calls it."""
    settings = settings or load_settings()
    return build_app(settings, parts_of(build_services(settings, impatient=True)))


def parts_of(services: Services, engine: DialogueEngine | None = None) -> Parts:
    """Wire what the app stands on; without an engine given, over HTTP to those on loopback."""
    settings, notifier = services.settings, services.notifier
    desk = build_desk(services, engine)
    machines = _machines(settings, services)
    vault, line = services.store.vault, _line(settings, services, desk)
    console = build_console(House(services, desk, notifier, line))
    documents = Documents(services.document_delivery, services.phrases, services.clock)
    return Parts(
        desk,
        services.companies,
        services.store,
        vault,
        services.clock,
        notifier,
        line,
        machines,
        documents=documents,
        console=console,
    )


def main() -> None:
    """Serve until SIGTERM; streams that are open then end at once and come back by themselves."""
    settings = load_settings()
    configure_logging(settings)
    forget_the_dead()
    config = uvicorn.Config(
        create_app(settings),
        # There are no websockets, and uvicorn can't load the ones that Rasa pins.
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[listen(settings)])


def _machines(settings: Settings, services: Services) -> Mount:
    store, clock = services.store, services.clock
    desk = MachineDesk(store, services.handoffs, clock)
    return mount_api(build_machine_register(store, settings), desk, Throttle(store, clock, settings))


def _line(settings: Settings, services: Services, desk: Desk) -> LineChannel | None:
    if not any(load_line_credentials(company) for company in services.companies.ids()):
        return None
    # Imported here: two seconds and 60 MB for a library that desks without LINE don't use.
    from bot.channels.line.channel import LineChannel

    store, clock, phrases = services.store, services.clock, services.phrases
    return LineChannel(settings, services.companies, store, desk, store.vault, clock, phrases)
