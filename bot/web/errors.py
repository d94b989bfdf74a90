"""The one map from errors to HTTP answers; a code for the widget, whose words are its own, and no details."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web.api import OriginRefused
from bot.channels.web.incoming import BadRequest, BodyTooLarge
from bot.channels.web.throttle import TooMany
from bot.channels.web.tokens import TokenError
from bot.errors import MadoguchiError, NotFound, Unavailable
from bot.services.handoffs import UnreadMessage
from bot.services.machine_desk import BadAnswer, NotYours
from bot.services.machines import KeyRefused, ScopeRefused

_RETRY_S = 5

_ANSWERS: dict[type[MadoguchiError], tuple[int, str]] = {
    BadRequest: (400, "bad_request"),
    BadAnswer: (400, "bad_answer"),
    TokenError: (401, "token"),
    KeyRefused: (401, "key"),
    OriginRefused: (403, "origin"),
    ScopeRefused: (403, "scope"),
    NotFound: (404, "not_found"),
    NotYours: (409, "not_yours"),
    UnreadMessage: (409, "unread"),
    BodyTooLarge: (413, "too_large"),
    TooMany: (429, "too_many"),
    Unavailable: (503, "unavailable"),
}

_CODES = {404: "not_found", 405: "method"}


async def answer_error(_: Request, error: Exception) -> Response:
    """Answer one of our own errors; one that isn't in the map is a fault of ours and goes on to the entrance."""
    known = next((_ANSWERS[kind] for kind in type(error).__mro__ if kind in _ANSWERS), None)
    if known is None:
        raise error
    status, code = known
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_s)
    elif isinstance(error, Unavailable):
        headers["Retry-After"] = str(_RETRY_S)
    return JSONResponse({"error": code}, status_code=status, headers=headers)


async def answer_fault(_: Request, error: Exception) -> Response:
    """Answer an error that nobody foresaw, telling nothing of it."""
    return JSONResponse({"error": "internal"}, status_code=500)


async def answer_http_error(_: Request, error: Exception) -> Response:
    """Answer what Starlette itself refuses: no such route, no such method."""
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for it alone
    code = _CODES.get(error.status_code, "refused")
    return JSONResponse({"error": code}, status_code=error.status_code, headers=error.headers)
