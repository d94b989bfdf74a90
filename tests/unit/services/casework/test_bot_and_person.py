"""A customer writes while staff take the conversation and give it back, in several processes at once."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from bot.errors import Unavailable
from bot.privacy.handoff import HandoffReason
from bot.services.casework.queue import Wanted
from bot.services.casework.worker import CaseRefused, Unread, Worker
from bot.services.converse import Desk
from bot.services.ports import EngineReply
from tests.records import conversation, data_subject_request
from tests.unit.services.casework.conftest import PHRASES, SATOH, SUZUKI, Office

MESSAGES = 16


class Engine:
    """Takes its time, and remembers what it was asked."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._pauses = itertools.cycle((0.0, 0.004, 0.001, 0.003, 0.005, 0.002, 0.0))

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        self.heard.append(text)
        await asyncio.sleep(next(self._pauses))
        return [EngineReply(f"答え：{text}")]


def a_process(office: Office, engine: Engine) -> Desk:
    """A desk with locks of its own, as another process has."""
    settings, clock, handoffs = office.settings, office.clock, office.handoffs
    return Desk(office.store, engine, office.companies, PHRASES, handoffs, lambda *given: None, clock, settings)


async def writes(desk: Desk, numbers: range) -> None:
    for number in numbers:
        await asyncio.to_thread(desk.accept, "c1", f"m{number}", f"e{number}")
        await desk.work("c1")


async def takes_and_gives_back(office: Office, worker: Worker, engine: Engine, done: asyncio.Event) -> int:
    """Take the conversation, read what comes, give it back, let the bot have some; return the last number read."""
    read = 0
    while not done.is_set():
        heard = len(engine.heard)
        with suppress(CaseRefused):
            case = await asyncio.to_thread(office.cases.begin, worker, "c1")
            read = max(read, await reads_and_ends(office, worker, case.id, done))
        # The second is heard once the answer to the first is kept.
        while len(engine.heard) < heard + 2 and not done.is_set():
            await asyncio.sleep(0)
    return read


async def reads_and_ends(office: Office, worker: Worker, case_id: str, done: asyncio.Event) -> int:
    """Wait for something to read, then end the case as soon as nothing new came while reading."""
    begun = (await asyncio.to_thread(office.files.open, worker, "c1")).last_seq
    while True:
        seen = (await asyncio.to_thread(office.files.open, worker, "c1")).last_seq
        if seen > begun or done.is_set():
            with suppress(Unread):
                await asyncio.to_thread(office.cases.finish, worker, case_id, "", seen)
                return seen


async def test_every_message_is_answered_by_the_bot_or_read_by_a_person(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.conversations.add(conversation())
    engine = Engine()
    first, second = a_process(office, engine), a_process(office, engine)
    done = asyncio.Event()
    staff = [asyncio.create_task(takes_and_gives_back(office, worker, engine, done)) for worker in (SATOH, SUZUKI)]
    half = MESSAGES // 2
    await asyncio.gather(writes(first, range(half)), writes(second, range(half, MESSAGES)))
    done.set()
    read = max(await asyncio.gather(*staff))
    await first.work("c1")

    messages = first.transcript("c1")
    customers = [one for one in messages if one.author == "customer"]
    assert sorted(one.text for one in customers) == sorted(f"m{number}" for number in range(MESSAGES))
    replies = Counter(one.reply_to for one in messages if one.author == "bot" and one.reply_to)
    assert set(replies.values()) <= {1}
    for one in customers:
        assert one.answered_at is not None, one.text
        assert one.id in replies or one.seq <= read, one.text
    assert office.thread("c1").owner == "bot"
    # Both happened, or this shows nothing
    assert 0 < len(replies) < MESSAGES


async def test_a_message_after_a_claim_is_never_the_engines(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.conversations.add(conversation())
    engine = Engine()
    desk = a_process(office, engine)
    case = office.cases.begin(SATOH, "c1")
    await writes(desk, range(5))
    assert engine.heard == []
    office.cases.release(SATOH, case.id)
    await writes(desk, range(5, 10))
    assert engine.heard == []
    office.cases.finish(SUZUKI, case.id, "")
    await writes(desk, range(10, 11))
    assert engine.heard == ["m10"]


class Overtaken(Engine):
    """Something happens while it thinks."""

    def __init__(self, meanwhile: Callable[[str], object]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        replies = await super().respond(conversation, text, metadata)
        await asyncio.to_thread(self.meanwhile, metadata["message_id"])
        return replies


async def test_an_answer_begun_before_a_claim_never_comes_after_it(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.conversations.add(conversation())
    engine = Overtaken(lambda event: office.cases.begin(SATOH, "c1"))
    await writes(a_process(office, engine), range(1))
    assert engine.heard == ["m0"]
    assert office.said("c1") == [("customer", "m0")]
    # It is a person's to read and to answer
    [row] = office.queue.show(SATOH, Wanted()).rows
    assert not row.answered
    with pytest.raises(Unread):
        office.cases.finish(SATOH, row.id, "", seen=0)
    await a_process(office, engine).work("c1")
    assert engine.heard == ["m0"]


async def test_what_the_bot_said_on_handing_over_is_heard(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.conversations.add(conversation())
    company = office.companies.get("okura")
    engine = Overtaken(lambda event: office.handoffs.hand_off("c1", company, HandoffReason.ASKED, event))
    await writes(a_process(office, engine), range(1))
    assert office.thread("c1").owner == "staff"
    assert office.said("c1") == [("customer", "m0"), ("bot", "答え：m0")]


async def test_a_receipt_is_told_whoever_has_taken_over(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.conversations.add(conversation())

    def opens_a_request_and_loses_the_conversation(event: str) -> None:
        with office.store.transaction() as tx:
            tx.requests.add(data_subject_request(conversation="c1", created_at=office.clock.now()))
        office.cases.begin(SATOH, "c1")

    await writes(a_process(office, Overtaken(opens_a_request_and_loses_the_conversation)), range(1))
    assert office.said("c1") == [("customer", "m0"), ("bot", "答え：m0")]


async def test_a_case_outlives_the_processes_on_either_side(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.conversations.add(conversation())
    engine = Engine()
    office.cases.begin(SATOH, "c1")
    await writes(a_process(office, engine), range(1))
    # The front and the console start anew
    again = Office(office.store, office.clock)
    await writes(a_process(again, engine), range(1, 2))
    again.talk.say(SATOH, "c1", "はい", "k1")
    assert engine.heard == []
    assert [text for _, text in again.said("c1")] == ["m0", "m1", "はい"]


@pytest.mark.parametrize("owner", ["bot", "staff"])
async def test_with_the_engine_down_staff_and_customer_still_talk(office: Office, owner: str) -> None:
    class Down:
        async def respond(self, *given: Any) -> list[EngineReply]:
            raise Unavailable("the engine is down")

    with office.store.transaction() as tx:
        tx.conversations.add(conversation())
    desk = a_process(office, Down())  # type: ignore[arg-type]
    if owner == "staff":
        office.cases.begin(SATOH, "c1")
    await writes(desk, range(1))
    # What was left while nobody owned it is a case by now
    office.talk.say(SATOH, "c1", "ご用件をうかがいます", "k1")
    await writes(desk, range(1, 2))
    assert [text for author, text in office.said("c1") if author != "bot"] == ["m0", "ご用件をうかがいます", "m1"]
