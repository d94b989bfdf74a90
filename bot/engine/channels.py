"""The engine's two doors on loopback: one for outside tools, one for the web front."""

from __future__ import annotations

import gc
import hmac
import json
import logging
import unicodedata
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.bootstrap import build_desk, build_keys, build_phrases, build_warm_services
from bot.engine.client import TOKEN_HEADER, engine_token, reply_as_json
from bot.engine.nlu import UNDERSTANDING_KEY
from bot.engine.pool import AT_ONCE
from bot.engine.tracker_store import EncryptedTrackerStore, StateConflict
from bot.errors import Unavailable
from bot.services.converse import BoundToAnotherCompany, Desk
from bot.services.phrases import Phrasebook
from bot.services.ports import UNDERSTOOD, EngineReply
from bot.services.records import Message
from bot.settings import load_settings

logger = logging.getLogger(__name__)

OnMessage = Callable[[UserMessage], Awaitable[Any]]

DATABASE_THREADS = 2
"""For PostgreSQL. More would only wait for each other and for the interpreter, which Rasa keeps busy."""
LONGEST_SENDER = 255
LONGEST_BODY = 1_000_000
COLLECT_AFTER = 10_000
"""New objects between two looks of the garbage collector: a few messages' worth."""
_LATER = {"Retry-After": "5"}


class InPlace(ThreadPoolExecutor):
    """Does what it is given at once, in the caller's thread: for SQLite, whose work takes tenths of a millisecond.

    In a thread of its own each of SQLite's calls lets go of the interpreter and then waits for it behind Rasa, a score
    of times a message: that takes as long as all of the work. The tracker store doesn't leave the loop's thread either.
    """

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Give a future that is done already."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*given, **named))
        except BaseException as error:
            future.set_exception(error)
        return future


def executor_for(database: str) -> ThreadPoolExecutor:
    """What runs the desk's work on the database beside Rasa."""
    return InPlace() if database.startswith("sqlite") else ThreadPoolExecutor(DATABASE_THREADS)


class _Collector(OutputChannel):
    """Keep each reply whole: text, buttons and custom part of one utterance together."""

    def __init__(self) -> None:
        self.replies: list[EngineReply] = []

    @classmethod
    def name(cls) -> str:
        return "desk"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.replies.append(_reply(message.get("text"), message))


def _reply(text: str | None, data: dict[str, Any]) -> EngineReply:
    return EngineReply(text or "", tuple(data.get("buttons") or ()), data.get("custom") or None)


class RasaEngine:
    """The dialogue engine for who runs inside it."""

    def __init__(self, on_message: OnMessage, trackers: Callable[[], EncryptedTrackerStore]) -> None:
        self._on_message = on_message
        self._trackers = trackers

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        """Let Rasa work on a message; one that it has worked on already gets the same replies again."""
        try:
            try:
                return await self._work(conversation, text, metadata)
            except StateConflict:
                # Another engine was faster with this conversation: its state is read anew.
                return await self._work(conversation, text, metadata)
        except StateConflict as error:
            raise Unavailable(str(error)) from error

    async def _work(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        said_before = await self._replies_to(conversation, metadata["message_id"])
        if said_before is not None:
            return said_before
        collector = _Collector()
        message = UserMessage(
            neutralise(text),
            collector,
            conversation,
            input_channel="desk",
            message_id=metadata["message_id"],
            metadata=metadata,
        )
        await self._on_message(message)
        return _with_understanding(self._trackers().in_memory(conversation), collector.replies)

    async def _replies_to(self, conversation: str, message_id: str) -> list[EngineReply] | None:
        # What is in memory may be older than what another engine has stored; then the message is worked on a second
        # time, and the actions, which know its id, say the same.
        tracker = self._trackers().in_memory(conversation) or await self._trackers().retrieve(conversation)
        if tracker is None or tracker.latest_message is None or tracker.latest_message.message_id != message_id:
            return None
        replies: list[EngineReply] = []
        for event in reversed(tracker.events):
            if event is tracker.latest_message:
                break
            if isinstance(event, BotUttered):
                replies.insert(0, _reply(event.text, event.data))
        return _with_understanding(tracker, replies)


def _with_understanding(tracker: DialogueStateTracker | None, replies: list[EngineReply]) -> list[EngineReply]:
    """Let the first reply carry what was understood, for staff to see: so it is stored without a transaction more."""
    latest = tracker.latest_message if tracker else None
    understanding = latest.parse_data.get(UNDERSTANDING_KEY) if latest else None
    if not understanding or not replies:
        return replies
    understood = {
        "intent": understanding["intent"],
        "confidence": round(understanding["confidence"], 3),
        "topics": [question["topics"][0][0] for question in understanding["questions"] if question["topics"]],
    }
    return [replace(replies[0], custom={**(replies[0].custom or {}), UNDERSTOOD: understood}), *replies[1:]]


def neutralise(text: str) -> str:
    """Make plain text of what Rasa would read as a command: a `/` at the start sets intents and slots."""
    stripped = text.lstrip()
    return "／" + stripped[1:] if stripped.startswith("/") else text


class LoopbackRest(InputChannel):
    """Rasa's plain REST channel, with the same protections as the public ones."""

    def __init__(self) -> None:
        self._settings = load_settings()
        self._phrases: Phrasebook = build_phrases()
        self._under_way = 0

    @classmethod
    def name(cls) -> str:
        """The channel's place in the address: `/webhooks/rest/webhook`."""
        return "rest"

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """Make the routes."""
        routes = Blueprint("rest_channel", "bot.engine.channels")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.listener("before_server_start")
        async def open_desk(app: Sanic, loop: Any) -> None:
            loop.set_default_executor(executor_for(self._settings.database))
            engine = RasaEngine(on_new_message, lambda: app.ctx.agent.tracker_store)
            app.ctx.desk = build_desk(build_warm_services(self._settings), engine)

        @routes.listener("after_server_start")
        async def settle(app: Sanic, loop: Any) -> None:
            # What is loaded by now stays to the end: the collector needn't look through it again and again.
            gc.collect()
            gc.freeze()
            gc.set_threshold(COLLECT_AFTER)

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            return await self._receive(request, request.app.ctx.desk)

        return routes

    async def _receive(self, request: Request, desk: Desk) -> HTTPResponse:
        body = _json_object(request)
        sender, text = body.get("sender"), body.get("message")
        if not _is_sender(sender) or not isinstance(text, str):
            refusal = self._phrases.text("bad_http_request")
            return response.json([{"recipient_id": "", "text": refusal}], status=400)
        # Who asks here hears no later answer, so what can't be answered in time is not taken in.
        if self._under_way >= AT_ONCE + self._settings.engine_queue:
            refusal = self._phrases.text("desk_unavailable")
            return response.json([{"recipient_id": sender, "text": refusal}], status=503, headers=_LATER)
        metadata = body.get("metadata")
        company = metadata.get("company") if isinstance(metadata, dict) else None
        conversation = uuid.uuid5(uuid.NAMESPACE_OID, f"rest:{sender}").hex
        self._under_way += 1
        try:
            replies = await self._exchange(desk, conversation, company, text)
        finally:
            self._under_way -= 1
        return response.json([{"recipient_id": sender, **reply} for reply in replies])

    async def _exchange(self, desk: Desk, conversation: str, company: object, text: str) -> list[dict[str, Any]]:
        try:
            known = company if isinstance(company, str) else None
            replies = await desk.exchange(conversation, "rest", known, text)
        except BoundToAnotherCompany:
            return [{"text": self._phrases.text("other_company")}]
        except Unavailable:
            return [{"text": self._phrases.text("desk_unavailable")}]
        except Exception:
            # An entrance: whatever went wrong, the customer gets an answer and the operator the place in the log.
            logger.exception("a message on the REST channel failed")
            return [{"text": self._phrases.text("desk_unavailable")}]
        return [_message_as_json(reply) for reply in replies]


class DeskChannel(InputChannel):
    """The way from the web front to the engine; everything was checked and stored before."""

    def __init__(self) -> None:
        self._token = engine_token(build_keys(load_settings()))

    @classmethod
    def name(cls) -> str:
        """The channel's place in the address: `/webhooks/desk/webhook`."""
        return "desk"

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """Make the routes."""
        routes = Blueprint("desk_channel", "bot.engine.channels")

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            engine = RasaEngine(on_new_message, lambda: request.app.ctx.agent.tracker_store)
            return await self._receive(request, engine)

        return routes

    async def _receive(self, request: Request, engine: RasaEngine) -> HTTPResponse:
        if not hmac.compare_digest(request.headers.get(TOKEN_HEADER, ""), self._token):
            return response.json({"error": "this door is for the web front"}, status=403)
        body = _json_object(request)
        try:
            replies = await engine.respond(body["conversation"], body["text"], body["metadata"])
        except Unavailable as error:
            return response.json({"error": str(error)}, status=503)
        except Exception:
            logger.exception("a message of the web front failed")
            return response.json({"error": "the engine failed; its log says where"}, status=500)
        return response.json([reply_as_json(reply) for reply in replies])


def _json_object(request: Request) -> dict[str, Any]:
    """Read the body; anything that isn't a JSON object of a sensible size counts as an empty one."""
    if len(request.body) > LONGEST_BODY:
        return {}
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _is_sender(sender: object) -> bool:
    if not isinstance(sender, str) or not 0 < len(sender) <= LONGEST_SENDER:
        return False
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in sender)


def _message_as_json(message: Message) -> dict[str, Any]:
    custom = {key: value for key, value in message.body.items() if key not in ("buttons", UNDERSTOOD)}
    given = {"text": message.text, "buttons": message.body.get("buttons"), "custom": custom}
    return {key: value for key, value in given.items() if value}
