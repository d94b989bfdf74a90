"""What a browser posts, read from untrusted bytes."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.types import Message, Receive

from bot.errors import MadoguchiError

LONGEST_FORM = 1_000_000
"""Bytes; the longest text that staff write is an answer of some pages."""


_SECRET = ("csrf", "password", "code")


class FormRefused(MadoguchiError):
    """A form that no page of ours can have sent: too long, with a file or with control characters."""

    phrase = "console_form_refused"


class ForgedForm(MadoguchiError):
    """The form doesn't come from a page of this session."""

    phrase = "console_form_stale"


async def read_form(request: Request, token: str) -> Request:
    """Give the request with its form read and checked against the session's token for forms."""
    whole = Request(request.scope, await _body(request))
    # Files are refused: no page asks for one.
    form = await whole.form(max_files=0)
    # An error's page shows what was typed, so that it isn't lost.
    request.state.form = form
    if any("\x00" in str(part) for pair in form.multi_items() for part in pair):
        raise FormRefused("a form with NUL characters")
    given = request.headers.get("x-csrf-token") or str(form.get("csrf", ""))
    if not hmac.compare_digest(given.encode(), token.encode()):
        raise ForgedForm("the form has no token of this session")
    return whole


def typed(form: FormData | Mapping[str, str]) -> dict[str, str]:
    """What a person wrote into a form, to be shown again if it couldn't be taken; no secrets, and no choices."""
    written = {name: str(value) for name, value in form.items() if not name.startswith(_SECRET)}
    return {name: text for name, text in written.items() if " " in text.strip() or not text.isascii()}


async def _body(request: Request) -> Receive:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > LONGEST_FORM:
            raise FormRefused(f"a form of more than {LONGEST_FORM} bytes")
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return await request.receive()
        sent = True
        return {"type": "http.request", "body": bytes(received), "more_body": False}

    return receive
