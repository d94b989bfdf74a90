"""Put the public app together."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from bot.channels.web.answering import Answering
from bot.channels.web.api import ChatApi
from bot.channels.web.demo import Demo
from bot.channels.web.origins import CompanyCors, Origins
from bot.channels.web.script import Script
from bot.channels.web.stream import Streams
from bot.channels.web.throttle import Throttle
from bot.channels.web.tokens import Tokens
from bot.channels.web.typing_signs import TypingSigns
from bot.errors import MadoguchiError
from bot.knowledge.library import PolicyLibrary
from bot.services.converse import Desk
from bot.services.notifier import Notifier
from bot.services.ports import Clock, Keys, Store
from bot.settings import Settings
from bot.web.catching_up import CatchingUp
from bot.web.documents import Documents
from bot.web.entrance import Entrance
from bot.web.errors import answer_error, answer_fault, answer_http_error
from bot.web.probes import Probes

if TYPE_CHECKING:
    from bot.channels.line.channel import LineChannel

_LAST_MOMENT_S = 3.0


@dataclass(frozen=True)
class Parts:
    """What the web front stands on."""

    desk: Desk
    companies: PolicyLibrary
    store: Store
    keys: Keys
    clock: Clock
    notifier: Notifier
    line: LineChannel | None = None
    machines: Mount | None = None
    documents: Documents | None = None
    console: Mount | None = None


def build_app(settings: Settings, parts: Parts) -> ASGIApp:
    """Make the app of parts that are ready."""
    answering = Answering(parts.desk)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        catching_up = CatchingUp(parts.store, parts.notifier, parts.clock)
        async with catching_up.running(), parts.line.running() if parts.line else contextlib.nullcontext():
            yield
        await answering.finish(_LAST_MOMENT_S)

    handlers = {HTTPException: answer_http_error, MadoguchiError: answer_error, Exception: answer_fault}
    app = Starlette(routes=_routes(settings, parts, answering), exception_handlers=handlers, lifespan=lifespan)
    return Entrance(app, tls=settings.base_url.startswith("https:"))


def _routes(settings: Settings, parts: Parts, answering: Answering) -> list[BaseRoute]:
    demo = [] if settings.production else Demo(parts.companies).routes()
    return [
        Route("/widget.js", Script().serve),
        _chat(settings, parts, answering),
        *(parts.line.routes() if parts.line else []),
        *([parts.machines] if parts.machines else []),
        *([parts.console] if parts.console else []),
        *(parts.documents.routes() if parts.documents else []),
        *Probes(parts.store, parts.clock, settings).routes(),
        *demo,
    ]


def _chat(settings: Settings, parts: Parts, answering: Answering) -> Mount:
    origins = Origins(parts.companies, settings)
    api = ChatApi(
        parts.desk,
        parts.companies,
        origins,
        Tokens(parts.keys, parts.clock, settings.conversation_days),
        Throttle(parts.store, parts.clock, settings),
        Streams(parts.desk, parts.notifier),
        answering,
        settings.base_url,
        TypingSigns(parts.notifier),
    )
    cors = Middleware(CompanyCors, allowed=origins.allowed_by_any)
    return Mount("/chat", routes=api.routes(), middleware=[cors])
