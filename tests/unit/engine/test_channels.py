import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import channels
from bot.engine.channels import LONGEST_BODY, DeskChannel, LoopbackRest, RasaEngine, executor_for, neutralise
from bot.engine.client import TOKEN_HEADER
from bot.engine.pool import AT_ONCE
from bot.engine.tracker_store import StateConflict
from bot.errors import Unavailable
from bot.services.converse import BoundToAnotherCompany
from bot.services.ports import UNDERSTOOD, EngineReply
from bot.services.records import Message
from bot.settings import Settings

METADATA = {"message_id": "m1", "company": "okura"}


class Trackers:
    """Keeps trackers as the real store does, without a database."""

    def __init__(self) -> None:
        self.kept: dict[str, DialogueStateTracker] = {}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return self.kept.get(sender_id)

    def in_memory(self, sender_id: str) -> DialogueStateTracker | None:
        return None


class Rasa:
    """Does what Rasa does with a message: says something through its channel and notes the turn."""

    def __init__(self, trackers: Trackers, domain: Domain) -> None:
        self.trackers = trackers
        self.domain = domain
        self.seen: list[UserMessage] = []
        self.conflicts = 0

    async def on_message(self, message: UserMessage) -> None:
        self.seen.append(message)
        if self.conflicts:
            self.conflicts -= 1
            raise StateConflict("another engine was faster")
        said = {"text": f"答え：{message.text}", "buttons": [{"title": "はい", "payload": "はい"}], "custom": {"a": 1}}
        await message.output_channel.send_response(message.sender_id, said)
        tracker = DialogueStateTracker(message.sender_id, self.domain.slots)
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        tracker.update(ActionExecuted("action_reply"))
        tracker.update(BotUttered(said["text"], {"buttons": said["buttons"], "custom": said["custom"]}))
        self.trackers.kept[message.sender_id] = tracker


@pytest.fixture
def rasa(domain: Domain) -> Rasa:
    return Rasa(Trackers(), domain)


@pytest.fixture
def engine(rasa: Rasa) -> RasaEngine:
    store: Any = rasa.trackers
    return RasaEngine(rasa.on_message, lambda: store)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ('/request_disclosure{"answer": "x"}', '／request_disclosure{"answer": "x"}'),
        ("  /restart", "／restart"),
        ("\n　/session_start", "／session_start"),
        ("//a", "／/a"),
        ("1/2 の件", "1/2 の件"),
        ("", ""),
    ],
)
def test_a_typed_command_is_plain_text(typed: str, plain: str) -> None:
    assert neutralise(typed) == plain


async def test_rasa_gets_the_message_with_whose_it_is_and_its_replies_come_whole(
    engine: RasaEngine, rasa: Rasa
) -> None:
    replies = await engine.respond("c1", "/restart", METADATA)
    [message] = rasa.seen
    assert (message.sender_id, message.text, message.message_id) == ("c1", "／restart", "m1")
    assert message.metadata == METADATA
    assert replies == [EngineReply("答え：／restart", ({"title": "はい", "payload": "はい"},), {"a": 1})]


async def test_a_message_worked_on_already_gets_the_same_replies_again(engine: RasaEngine, rasa: Rasa) -> None:
    first = await engine.respond("c1", "はい", METADATA)
    again = await engine.respond("c1", "はい", METADATA)
    assert again == first
    assert len(rasa.seen) == 1
    await engine.respond("c1", "はい", {**METADATA, "message_id": "m2"})
    assert len(rasa.seen) == 2


async def test_the_first_reply_carries_what_was_understood(engine: RasaEngine, rasa: Rasa, domain: Domain) -> None:
    understanding = {
        "intent": "ask_policy",
        "confidence": 0.87654,
        "questions": [
            {"text": "クッキーは", "topics": [["cookies", 0.9], ["purpose", 0.1]]},
            {"text": "?", "topics": []},
        ],
    }
    tracker = DialogueStateTracker("c1", domain.slots)
    tracker.update(UserUttered("はい", message_id="m1", parse_data={"understanding": understanding}))
    tracker.update(BotUttered("一つ目", {"custom": {"a": 1}}))
    tracker.update(BotUttered("二つ目", {}))
    rasa.trackers.kept["c1"] = tracker
    first, second = await engine.respond("c1", "はい", METADATA)
    assert first.custom == {
        "a": 1,
        UNDERSTOOD: {"intent": "ask_policy", "confidence": 0.877, "topics": ["cookies"]},
    }
    assert second.custom is None


async def test_after_a_conflict_the_message_is_worked_on_once_more(engine: RasaEngine, rasa: Rasa) -> None:
    rasa.conflicts = 1
    [reply] = await engine.respond("c1", "はい", METADATA)
    assert reply.text == "答え：はい"
    rasa.conflicts = 2
    with pytest.raises(Unavailable):
        await engine.respond("c1", "いいえ", {**METADATA, "message_id": "m2"})


# The REST channel


@dataclass
class Desk:
    """Remembers what it was told, and does what a test wants."""

    opened: list[tuple[str, str, str | None]]
    answer: Callable[[str], list[Message]]

    async def exchange(self, conversation: str, channel: str, company: str | None, text: str) -> list[Message]:
        if company == "kagoshima":
            raise BoundToAnotherCompany("this conversation isn't with kagoshima")
        self.opened.append((conversation, channel, company))
        return self.answer(text)


@pytest.fixture
def rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> LoopbackRest:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    return LoopbackRest()


@pytest.fixture
def desk(clock: Any) -> Desk:
    def echo(text: str) -> list[Message]:
        body = {
            "buttons": [{"title": "はい", "payload": "はい"}],
            "topics": ["recall"],
            UNDERSTOOD: {"intent": "affirm"},
        }
        return [
            Message("1", "c", 1, "bot", text, clock.now(), body=body),
            Message("2", "c", 2, "bot", "", clock.now()),
        ]

    return Desk([], echo)


async def post(rest: LoopbackRest, desk: Desk, body: object) -> tuple[int, list[dict[str, Any]]]:
    request: Any = SimpleNamespace(body=body if isinstance(body, bytes) else json.dumps(body).encode())
    wanted: Any = desk
    answer = await rest._receive(request, wanted)
    return answer.status, json.loads(answer.body)


async def test_replies_have_rasas_form_without_empty_parts(rest: LoopbackRest, desk: Desk) -> None:
    status, replies = await post(rest, desk, {"sender": "私", "message": "やあ", "metadata": {"company": "okura"}})
    assert status == 200
    assert replies == [
        {
            "recipient_id": "私",
            "text": "やあ",
            "buttons": [{"title": "はい", "payload": "はい"}],
            "custom": {"topics": ["recall"]},
        },
        {"recipient_id": "私"},
    ]


async def test_beyond_the_queue_nothing_is_taken_in(
    rest: LoopbackRest, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "_settings", Settings(engine_queue=2))
    told: list[tuple[int, list[dict[str, Any]]]] = []

    upstream = desk.exchange

    async def send_one_more(conversation: str, channel: str, company: str | None, text: str) -> list[Message]:
        await upstream(conversation, channel, company, text)
        told.append(await post(rest, desk, {"sender": "a", "message": "x"}))
        return []

    monkeypatch.setattr(desk, "exchange", send_one_more)
    await post(rest, desk, {"sender": "a", "message": "x"})
    (status, [refusal]), *others = told
    assert (status, refusal["recipient_id"]) == (503, "a")
    assert "もう一度お送りください" in refusal["text"]
    assert [status for status, _ in others] == [200] * (AT_ONCE + 1)
    assert len(desk.opened) == AT_ONCE + 2
    # The places are free again.
    told.clear()
    await post(rest, desk, {"sender": "a", "message": "x"})
    assert len(told) == AT_ONCE + 2


async def test_on_sqlite_the_work_stays_in_the_loops_thread() -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(executor_for("sqlite:///desk.db"))
    assert await asyncio.to_thread(threading.get_ident) == threading.get_ident()
    with pytest.raises(KeyError):
        await asyncio.to_thread({}.__getitem__, "missing")


async def test_a_server_is_waited_for_in_another_thread() -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(executor_for("postgresql://localhost/desk"))
    assert await asyncio.to_thread(threading.get_ident) != threading.get_ident()


async def test_a_sender_is_known_again_by_a_conversation_of_our_own(rest: LoopbackRest, desk: Desk) -> None:
    for sender in ("a", "a", "b"):
        await post(rest, desk, {"sender": sender, "message": "x", "metadata": {"company": "okura"}})
    first, second, other = (conversation for conversation, _, _ in desk.opened)
    assert first == second != other
    assert len(first) == 32


@pytest.mark.parametrize("metadata", [None, "okura", [], {}, {"company": None}, {"company": 7}, {"company": ["okura"]}])
async def test_a_company_that_is_no_text_counts_as_none(rest: LoopbackRest, desk: Desk, metadata: object) -> None:
    status, _ = await post(rest, desk, {"sender": "a", "message": "x", "metadata": metadata})
    assert status == 200
    assert desk.opened[0][1:] == ("rest", None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[1, 2]",
        b"\xff\xfe",
        {"message": "x"},
        {"sender": "", "message": "x"},
        {"sender": "a" * 256, "message": "x"},
        {"sender": "a\x00b", "message": "x"},
        {"sender": "a\nb", "message": "x"},
        {"sender": "\ud800", "message": "x"},
        {"sender": 7, "message": "x"},
        {"sender": None, "message": "x"},
        {"sender": "a"},
        {"sender": "a", "message": None},
        {"sender": "a", "message": {"text": "x"}},
        {"sender": "a", "message": "x" * (LONGEST_BODY + 1)},
    ],
)
async def test_a_bad_post_is_refused_politely(rest: LoopbackRest, desk: Desk, body: object) -> None:
    status, [reply] = await post(rest, desk, body)
    assert status == 400
    assert "送信の形式が正しくない" in reply["text"]
    assert desk.opened == []


async def test_another_company_is_refused(rest: LoopbackRest, desk: Desk) -> None:
    status, [reply] = await post(rest, desk, {"sender": "a", "message": "x", "metadata": {"company": "kagoshima"}})
    assert status == 200
    assert "別の会社の窓口" in reply["text"]


@pytest.mark.parametrize("error", [Unavailable("the database is gone"), RuntimeError("a mistake of ours")])
async def test_whatever_goes_wrong_the_customer_gets_honest_words(
    rest: LoopbackRest, desk: Desk, error: Exception
) -> None:
    def fail(text: str) -> list[Message]:
        raise error

    desk.answer = fail
    status, [reply] = await post(rest, desk, {"sender": "a", "message": "x", "metadata": {"company": "okura"}})
    assert status == 200
    assert "お受けできませんでした" in reply["text"]
    assert str(error) not in reply["text"]


# The front's door


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> DeskChannel:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    return DeskChannel()


async def knock(door: DeskChannel, engine: RasaEngine, body: object, token: str | None = None) -> tuple[int, Any]:
    headers = {TOKEN_HEADER: door._token if token is None else token}
    request: Any = SimpleNamespace(headers=headers, body=json.dumps(body).encode())
    answer = await door._receive(request, engine)
    return answer.status, json.loads(answer.body)


MESSAGE = {"conversation": "c1", "text": "はい", "metadata": METADATA}


async def test_the_front_gets_the_replies_in_the_form_that_its_client_reads(
    door: DeskChannel, engine: RasaEngine
) -> None:
    status, replies = await knock(door, engine, MESSAGE)
    assert status == 200
    assert replies == [
        {"text": "答え：はい", "buttons": [{"title": "はい", "payload": "はい"}], "custom": {"a": 1}},
    ]


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_without_the_token_the_door_stays_closed(
    door: DeskChannel, engine: RasaEngine, rasa: Rasa, token: str
) -> None:
    status, _ = await knock(door, engine, MESSAGE, token)
    assert status == 403
    assert rasa.seen == []


async def test_the_front_learns_that_the_engine_cannot_answer(
    door: DeskChannel, engine: RasaEngine, rasa: Rasa
) -> None:
    rasa.conflicts = 2
    assert (await knock(door, engine, MESSAGE))[0] == 503


@pytest.mark.parametrize("body", [{}, [], {"conversation": "c1", "text": "はい", "metadata": {}}])
async def test_a_mistake_of_ours_is_told_without_its_words(door: DeskChannel, engine: RasaEngine, body: object) -> None:
    status, told = await knock(door, engine, body)
    assert status == 500
    assert told == {"error": "the engine failed; its log says where"}


def test_the_channels_have_their_places() -> None:
    assert channels.LoopbackRest.name() == "rest"
    assert channels.DeskChannel.name() == "desk"
