"""The API behind the widget; docs/api/web.openapi.json describes it."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.web.answering import Answering
from bot.channels.web.incoming import event_id_of, position_of, read_object, text_of
from bot.channels.web.origins import Origins
from bot.channels.web.outgoing import greeting_json, message_json
from bot.channels.web.stream import Streams
from bot.channels.web.throttle import Throttle, TooMany
from bot.channels.web.tokens import Ticket, TokenError, Tokens
from bot.channels.web.typing_signs import TypingSigns
from bot.errors import MadoguchiError, NotFound
from bot.knowledge.library import PolicyLibrary
from bot.services.converse import Desk

CHANNEL = "web"

_NOTHING_AFTER = 10**9


class OriginRefused(MadoguchiError):
    """The page that asks isn't one of the company's websites."""


class ChatApi:
    """Start or resume, send, stream, read, end and erase a conversation."""

    def __init__(
        self,
        desk: Desk,
        companies: PolicyLibrary,
        origins: Origins,
        tokens: Tokens,
        throttle: Throttle,
        streams: Streams,
        answering: Answering,
        own_origin: str,
        typing: TypingSigns,
    ) -> None:
        self._desk = desk
        self._companies = companies
        self._origins = origins
        self._tokens = tokens
        self._throttle = throttle
        self._streams = streams
        self._answering = answering
        self._own_origin = own_origin
        self._typing = typing

    def routes(self) -> list[Route]:
        """The routes, to be mounted under /chat."""
        return [
            Route("/conversations", self.start, methods=["POST"]),
            Route("/messages", self.messages, methods=["GET", "POST"]),
            Route("/events", self.events, methods=["GET"]),
            Route("/typing", self.typing, methods=["POST"]),
            Route("/end", self.end, methods=["POST"]),
            Route("/conversation", self.erase, methods=["DELETE"]),
        ]

    async def start(self, request: Request) -> Response:
        """Resume the conversation of the token that came with the request, else begin one."""
        company = text_of(await read_object(request), "company")
        if company not in self._companies.ids() or CHANNEL not in self._companies.get(company).channels:
            raise NotFound("there is no such company")
        origin = request.headers.get("origin") or self._own_origin
        if not self._origins.allowed(origin, company):
            raise OriginRefused("the company doesn't name this website")
        kept = await self._kept(request, company)
        ticket = kept or await self._begin(request, company, origin)
        content = {
            "token": self._tokens.issue(ticket),
            "conversation": ticket.conversation,
            "resumed": kept is not None,
            **self._welcome(company),
        }
        return JSONResponse(content, status_code=200 if kept else 201)

    async def messages(self, request: Request) -> Response:
        """Send a message, or read them; one route, so that a refused method is told of both."""
        return await (self.send(request) if request.method == "POST" else self.transcript(request))

    async def send(self, request: Request) -> Response:
        """Take a message in; its answer comes by the stream."""
        ticket = self._ticket(request)
        content = await read_object(request)
        text, event_id = text_of(content, "text"), event_id_of(content)
        await run_in_threadpool(self._throttle.message, ticket.conversation)
        accepted = await run_in_threadpool(self._desk.accept, ticket.conversation, text, event_id)
        self._answering.begin(ticket.conversation)
        described = {"id": event_id, "seq": accepted.message.seq, "repeated": accepted.repeated}
        return JSONResponse(described, status_code=202)

    async def transcript(self, request: Request) -> Response:
        """Give the messages after a number, for browsers whose network holds streams back."""
        ticket = self._ticket(request)
        after = position_of(request.query_params.getlist("after"))
        view = await run_in_threadpool(self._desk.look, ticket.conversation, after)
        messages = [message_json(message) for message in view.messages]
        return JSONResponse({"messages": messages, "owner": view.conversation.owner, "answering": view.answering})

    async def events(self, request: Request) -> Response:
        """Stream the messages after the one that the browser has seen last."""
        ticket = self._ticket(request)
        seen = position_of(request.headers.getlist("last-event-id"))
        if self._streams.full(ticket.conversation):
            raise TooMany(retry_s=30)
        # A message whose answer was lost with an earlier process is worked on as soon as its author is back.
        self._answering.begin(ticket.conversation)
        return self._streams.response(ticket.conversation, seen)

    async def typing(self, request: Request) -> Response:
        """Let staff see that the customer is writing; what is written stays in the browser until it is sent."""
        self._typing.note(self._ticket(request).conversation)
        return Response(status_code=204)

    async def end(self, request: Request) -> Response:
        """Close the conversation for good; staff and requests keep it for as long as the settings say."""
        await run_in_threadpool(self._desk.end, self._ticket(request).conversation)
        return Response(status_code=204)

    async def erase(self, request: Request) -> Response:
        """Delete the conversation; requests made in it stay."""
        await run_in_threadpool(self._desk.erase, self._ticket(request).conversation)
        return Response(status_code=204)

    async def _kept(self, request: Request, company: str) -> Ticket | None:
        try:
            ticket = self._ticket(request)
            if ticket.company != company:
                return None
            await run_in_threadpool(self._desk.look, ticket.conversation, _NOTHING_AFTER)
        except (TokenError, NotFound):
            return None
        return ticket

    async def _begin(self, request: Request, company: str, origin: str) -> Ticket:
        address = request.client.host if request.client else ""
        await run_in_threadpool(self._throttle.opening, address)
        conversation = f"web-{secrets.token_hex(16)}"
        await run_in_threadpool(self._desk.open, conversation, CHANNEL, company)
        return Ticket(conversation, company, origin)

    def _welcome(self, company: str) -> dict[str, Any]:
        known = self._companies.get(company)
        return {
            "company": {
                "id": known.id,
                "name": known.name,
                "phone": known.contact.phone,
                "hours": known.contact.hours,
                "policy_url": known.policy_url,
            },
            "greeting": greeting_json(self._desk.greeting(company)),
        }

    def _ticket(self, request: Request) -> Ticket:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenError("there is no bearer token")
        origin = request.headers.get("origin")
        ticket = self._tokens.read(token, origin)
        if not self._origins.allowed(ticket.origin, ticket.company):
            raise OriginRefused("the company no longer names this website")
        return ticket
