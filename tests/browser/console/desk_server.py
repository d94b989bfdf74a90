"""The web front with the console, as its browser tests start it: the real wiring, a scripted engine, made-up staff."""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.bootstrap import build_services
from bot.settings import load_settings
from bot.storage.migrate import migrate
from bot.web.app import build_app
from bot.web.process import parts_of
from tests.browser.desk_server import Backstage
from tests.scripted_desk import ScriptedEngine
from tests.staff import add_staff


def main() -> None:
    """Serve on the port of the settings until killed."""
    settings = load_settings()
    migrate(settings.database)
    services, engine = build_services(settings), ScriptedEngine()
    with services.store.transaction(read_only=True) as tx:
        empty = not tx.staff.members("okura")
    if empty:
        add_staff(services)
    parts = parts_of(services, engine)
    app = Starlette(routes=[*Backstage(parts, engine).routes(), Mount("/", build_app(settings, parts))])
    uvicorn.run(
        app, host="127.0.0.1", port=settings.web_port, ws="none", log_level="warning", timeout_graceful_shutdown=1
    )


if __name__ == "__main__":
    sys.exit(main())
