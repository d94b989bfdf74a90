"""The web front as the browser tests start it: a process of its own, which they may kill, with a scripted engine.

Beside the app it has what only a test needs: pages of all kinds to embed the widget in, and a way to speak as staff.
"""

from __future__ import annotations

import html
import sys
import uuid
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from bot.services.clock import SystemClock
from bot.services.ports import EngineReply
from bot.services.records import Message
from bot.settings import load_settings
from bot.storage.migrate import migrate
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from bot.web.app import Parts, build_app
from bot.web.errors import answer_http_error
from tests.scripted_desk import ScriptedEngine, scripted_parts


class Backstage:
    """What a test does behind the widget's back."""

    def __init__(self, parts: Parts, engine: ScriptedEngine) -> None:
        self._parts = parts
        self._engine = engine

    def routes(self) -> list[Route]:
        return [
            Route("/backstage/say", self.say, methods=["POST"]),
            Route("/backstage/script", self.script, methods=["POST"]),
            Route("/backstage/messages/{conversation}", self.messages),
            Route("/page/{name}.css", self.style),
            Route("/page/{name}", self.page),
        ]

    async def say(self, request: Request) -> Response:
        """Put a message into a conversation, as staff or whoever the test says."""
        said: dict[str, Any] = await request.json()
        conversation = said["conversation"]
        with self._parts.store.transaction() as tx:
            tx.conversations.add_message(
                Message(
                    uuid.uuid4().hex,
                    conversation,
                    0,
                    said.get("author", "staff"),
                    said["text"],
                    self._parts.clock.now(),
                    body=said.get("body", {}),
                )
            )
        self._parts.notifier.publish(conversation)
        return JSONResponse({})

    async def script(self, request: Request) -> Response:
        """Set what the engine answers to a word, or that it is down."""
        script: dict[str, Any] = await request.json()
        self._engine.down = script.get("down", self._engine.down)
        for word, reply in script.get("answers", {}).items():
            self._engine.answers[word] = EngineReply(reply["text"], reply.get("buttons", ()), reply.get("custom"))
        return JSONResponse({})

    async def messages(self, request: Request) -> Response:
        """Tell what the desk has stored of a conversation."""
        with self._parts.store.transaction() as tx:
            stored = tx.conversations.messages(request.path_params["conversation"])
        return JSONResponse([{"author": m.author, "text": m.text, "id": m.event_id} for m in stored])

    async def page(self, request: Request) -> Response:
        """Give a page with the script tag; the query's words become its attributes."""
        attributes = "".join(f' data-{html.escape(k)}="{html.escape(v)}"' for k, v in request.query_params.items())
        name = html.escape(request.path_params["name"])
        desk = "" if request.url.hostname == "127.0.0.1" else f"http://127.0.0.1:{request.url.port}"
        script = f'<script src="{desk}/widget.js"{attributes} defer></script>' * (2 if name == "twice" else 1)
        return HTMLResponse(
            f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>見本</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="stylesheet" href="/page/{name}.css"></head>'
            f'<body><main><h1>見本のページ</h1><button id="other">ページのボタン</button></main>'
            f"{script}</body></html>",
            headers={"Content-Security-Policy": policy(name, desk or "'self'"), "Cache-Control": "no-store"},
        )

    async def style(self, request: Request) -> Response:
        """Give the page's style sheet: none, or the worst that a page can do."""
        hostile = (
            (Path(__file__).parent / "hostile.css").read_text() if request.path_params["name"] == "hostile" else ""
        )
        return Response(hostile, media_type="text/css")


def policy(page: str, desk: str) -> str:
    """As strict as a page can be that embeds the widget from the desk's origin."""
    if page == "no_csp":
        return "default-src * 'unsafe-inline'"
    return (
        f"default-src 'none'; script-src {desk}; connect-src {desk}; style-src 'self'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def main() -> None:
    """Serve on the port of the settings until killed."""
    settings = load_settings()
    migrate(settings.database)
    store = SqlStore(settings.database, Vault(settings.secret_key), SystemClock())
    store.prepare()
    engine = ScriptedEngine()
    parts = scripted_parts(settings, store, SystemClock(), engine)
    routes = [*Backstage(parts, engine).routes(), Mount("/", build_app(settings, parts))]
    # A path with a line break gets past no mount: it is answered out here as it would be in there.
    app = Starlette(routes=routes, exception_handlers={HTTPException: answer_http_error})
    uvicorn.run(
        app, host="127.0.0.1", port=settings.web_port, ws="none", log_level="warning", timeout_graceful_shutdown=1
    )


if __name__ == "__main__":
    sys.exit(main())
