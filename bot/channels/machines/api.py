"""The API for other help desks; docs/api/machines.openapi.yaml describes it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from bot.channels.machines.cursor import case_cursor, read_case_cursor, read_request_cursor, request_cursor
from bot.channels.machines.outgoing import case_json, message_json, request_json, whole_request_json
from bot.channels.web.incoming import BadRequest, position_of, read_object, text_of
from bot.channels.web.throttle import Throttle
from bot.privacy.statuses import Status
from bot.services.machine_desk import OPEN, MachineDesk
from bot.services.machines import KeyRefused, MachineRegister
from bot.services.mailing_lists import Means, Purpose
from bot.services.records import Machine

PATH = "/api/v1"

_LONGEST_LIST = 100
_MOST_CONTACTS = 1000
_CONTACT = re.compile("[^\ud800-\udfff]{1,300}", re.DOTALL)
_LIMIT = re.compile(r"[0-9]{1,3}")
_IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")

Call = Callable[[Request, Machine], Awaitable[Response]]


class MachineApi:
    """List, claim, answer, release and close cases; read requests; ask whom not to contact."""

    def __init__(self, register: MachineRegister, desk: MachineDesk, throttle: Throttle) -> None:
        self._register = register
        self._desk = desk
        self._throttle = throttle

    def routes(self) -> list[Route]:
        """The routes, to be mounted under PATH."""
        return [
            self._route("/handoffs", self.cases),
            self._route("/handoffs/{id}", self.case),
            self._route("/handoffs/{id}/messages", self.conversation, "GET", "POST"),
            self._route("/handoffs/{id}/claim", self.claim, "POST"),
            self._route("/handoffs/{id}/release", self.release, "POST"),
            self._route("/handoffs/{id}/close", self.close, "POST"),
            self._route("/requests", self.requests),
            self._route("/requests/{id}", self.request),
            self._route("/suppressions/check", self.suppressions, "POST"),
        ]

    async def cases(self, request: Request, machine: Machine) -> Response:
        """List open cases in queue order, page by page."""
        status, limit = _choice(request, "status", OPEN), _limit(request)
        after = read_case_cursor(request.query_params.getlist("cursor"))
        found = await run_in_threadpool(self._desk.cases, machine, status, limit + 1, after)
        following = case_cursor(found[limit - 1].case) if len(found) > limit else None
        return JSONResponse({"handoffs": [case_json(machine, case) for case in found[:limit]], "next": following})

    async def case(self, request: Request, machine: Machine) -> Response:
        """Show a case."""
        found = await run_in_threadpool(self._desk.case, machine, request.path_params["id"])
        return JSONResponse(case_json(machine, found))

    async def conversation(self, request: Request, machine: Machine) -> Response:
        """Answer, or read; one route, so that a refused method is told of both."""
        return await (self.answer if request.method == "POST" else self.messages)(request, machine)

    async def messages(self, request: Request, machine: Machine) -> Response:
        """Give the messages after a number."""
        after = position_of(request.query_params.getlist("after"))
        found = await run_in_threadpool(self._desk.messages, machine, request.path_params["id"], after)
        return JSONResponse({"messages": [message_json(message) for message in found]})

    async def answer(self, request: Request, machine: Machine) -> Response:
        """Answer the customer; the same Idempotency-Key answers once."""
        keys = request.headers.getlist("idempotency-key")
        if len(keys) != 1 or not _IDEMPOTENCY_KEY.fullmatch(keys[0]):
            raise BadRequest("Idempotency-Key must be 8 to 64 letters, digits, - or _")
        content = await read_object(request)
        name = text_of(content, "staff_name") if "staff_name" in content else ""
        given = (request.path_params["id"], text_of(content, "text"), keys[0], name)
        answered = await run_in_threadpool(self._desk.answer, machine, *given)
        described = {"message": message_json(answered.message), "repeated": answered.repeated}
        return JSONResponse(described, status_code=200 if answered.repeated else 201)

    async def claim(self, request: Request, machine: Machine) -> Response:
        """Take a case."""
        return await self._act(self._desk.claim, request, machine)

    async def release(self, request: Request, machine: Machine) -> Response:
        """Put a case back into the queue."""
        return await self._act(self._desk.release, request, machine)

    async def close(self, request: Request, machine: Machine) -> Response:
        """End a case, unless the customer wrote after the last message seen, if that is told."""
        told = request.query_params.getlist("seen")
        return await self._act(partial(self._desk.close, seen=position_of(told) if told else None), request, machine)

    async def requests(self, request: Request, machine: Machine) -> Response:
        """List requests, oldest first, page by page."""
        status, limit = _choice(request, "status", [status.value for status in Status]), _limit(request)
        after = read_request_cursor(request.query_params.getlist("cursor"))
        wanted = (Status(status) if status else None, limit + 1, after)
        found = await run_in_threadpool(self._desk.requests, machine, *wanted)
        following = request_cursor(found[limit - 1]) if len(found) > limit else None
        return JSONResponse({"requests": [request_json(one) for one in found[:limit]], "next": following})

    async def request(self, request: Request, machine: Machine) -> Response:
        """Show a request by id or receipt number."""
        found = await run_in_threadpool(self._desk.request, machine, request.path_params["id"])
        return JSONResponse(whole_request_json(found))

    async def suppressions(self, request: Request, machine: Machine) -> Response:
        """Tell which of some contacts must not be used."""
        content = await read_object(request)
        wanted = (_contacts(content), _one_of(content, "means", Means), _one_of(content, "purpose", Purpose))
        found = await run_in_threadpool(self._desk.suppressed, machine, *wanted)
        return JSONResponse({"suppressed": found})

    async def _act(self, act: Callable[[Machine, str], Any], request: Request, machine: Machine) -> Response:
        return JSONResponse(case_json(machine, await run_in_threadpool(act, machine, request.path_params["id"])))

    def _route(self, path: str, call: Call, *methods: str) -> Route:
        """Let nobody past without a key: a call that isn't made here doesn't exist."""

        async def admitted(request: Request) -> Response:
            return await call(request, await run_in_threadpool(self._admit, request))

        return Route(path, admitted, methods=list(methods or ("GET",)), name=call.__name__)

    def _admit(self, request: Request) -> Machine:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer" or not key:
                raise KeyRefused("there is no bearer key")
            machine = self._register.admit(key)
        except KeyRefused:
            self._throttle.refused_key(request.client.host if request.client else "")
            raise
        self._throttle.machine(machine.id)
        return machine


def _choice(request: Request, name: str, allowed: list[str] | tuple[str, ...]) -> str | None:
    values = request.query_params.getlist(name)
    if not values:
        return None
    if len(values) > 1 or values[0] not in allowed:
        raise BadRequest(f"{name} is one of {', '.join(allowed)}")
    return values[0]


def _contacts(content: dict[str, Any]) -> list[str]:
    contacts = content.get("contacts")
    if not isinstance(contacts, list) or not 0 < len(contacts) <= _MOST_CONTACTS:
        raise BadRequest(f"contacts is a list of 1 to {_MOST_CONTACTS}")
    if any(not isinstance(one, str) or not _CONTACT.fullmatch(one) for one in contacts):
        raise BadRequest("a contact is a text of 1 to 300 characters, without lone surrogates")
    return contacts


def _one_of(content: dict[str, Any], name: str, allowed: type[Means] | type[Purpose]) -> str:
    value = text_of(content, name)
    if value not in [one.value for one in allowed]:
        raise BadRequest(f"{name} is one of {', '.join(allowed)}")
    return value


def _limit(request: Request) -> int:
    values = request.query_params.getlist("limit")
    if not values:
        return _LONGEST_LIST
    if len(values) > 1 or not _LIMIT.fullmatch(values[0]) or not 1 <= int(values[0]) <= _LONGEST_LIST:
        raise BadRequest(f"limit is a number from 1 to {_LONGEST_LIST}")
    return int(values[0])


def mount_api(register: MachineRegister, desk: MachineDesk, throttle: Throttle) -> Mount:
    """Put the API at its path."""
    return Mount(PATH, routes=MachineApi(register, desk, throttle).routes())
