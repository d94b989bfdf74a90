"""One process of the public web front."""

from __future__ import annotations

import uvicorn
from starlette.types import ASGIApp

from bot.bootstrap import build_desk, build_services
from bot.channels.line.channel import LineChannel
from bot.logging import configure_logging
from bot.services.notifier import LocalNotifier
from bot.settings import Settings, load_settings
from bot.web.app import Parts, build_app


def create_app(settings: Settings | None = None) -> ASGIApp:
    """Wire the app, as `uvicorn --factory bot.web.process:create_app` calls it."""
    settings = settings or load_settings()
    services = build_services(settings)
    notifier = LocalNotifier()
    desk = build_desk(services, announce=notifier.publish)
    companies, store, clock = services.companies, services.store, services.clock
    line = LineChannel(settings, companies, store, desk, store.vault, clock, services.phrases)
    parts = Parts(desk, companies, store, store.vault, clock, notifier, line)
    return build_app(settings, parts)


def main() -> None:
    """Serve until SIGTERM; streams that are open then end at once and come back by themselves."""
    settings = load_settings()
    configure_logging(settings)
    uvicorn.run(
        create_app(settings),
        host=settings.web_host,
        port=settings.web_port,
        # There are no websockets, and uvicorn can't load the ones that Rasa pins.
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
