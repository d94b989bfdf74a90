"""`python -m tests.integration.line.desk_server`: the web front with LINE and an engine that repeats, to be killed.

The worker's part runs in the same process, so that killing it kills all.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import uvicorn

from bot.bootstrap import build_keys, build_phrases, build_store
from bot.channels.line import posting
from bot.channels.line.channel import LineChannel
from bot.cli.desk import LEFTOVERS_EVERY_S
from bot.delivery.registry import build_senders
from bot.delivery.worker import run_worker
from bot.logging import configure_logging
from bot.services.clock import SystemClock
from bot.settings import load_settings
from bot.storage.migrate import migrate
from bot.web.app import build_app
from bot.worker import answer_leftovers, repeat
from tests.scripted_desk import ScriptedEngine, scripted_parts

TOKEN_LIFE = timedelta(minutes=10)
"""A busy machine may take longer than LINE's minute to start the desk anew; what happens then is test_posting's."""


async def main() -> None:
    posting.TOKEN_LIFE = TOKEN_LIFE
    settings, clock = load_settings(), SystemClock()
    configure_logging(settings)
    migrate(settings.database)
    store = build_store(settings, clock)
    parts = scripted_parts(settings, store, clock, ScriptedEngine({}))
    keys, phrases = build_keys(settings), build_phrases()
    line = LineChannel(settings, parts.companies, store, parts.desk, keys, clock, phrases, sweep_every_s=0.5)
    app = build_app(settings, replace(parts, line=line))
    address = {"host": settings.web_host, "port": settings.web_port}
    server = uvicorn.Server(uvicorn.Config(app, ws="none", log_config=None, access_log=False, **address))
    senders = build_senders(settings, str, {}.get)
    stop = asyncio.Event()
    await asyncio.gather(
        server.serve(),
        run_worker(store, senders, clock, settings, stop),
        repeat("leftovers", LEFTOVERS_EVERY_S, lambda: answer_leftovers(store, parts.desk, clock), stop),
    )


if __name__ == "__main__":
    asyncio.run(main())
