"""The stream of an open page."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.bootstrap import Services
from bot.channels.web.typing_signs import TypingSigns
from bot.console import live_pages
from bot.console.live_pages import LivePages
from bot.errors import Unavailable
from bot.privacy.handoff import HandoffReason
from bot.services.casework.worker import Worker
from tests.conftest import FixedClock
from tests.records import conversation, message

CLERK = Worker("clerk", "佐藤", "okura")
SOON = 5


@pytest.fixture(autouse=True)
def _a_conversation(services: Services) -> None:
    with services.store.transaction() as tx:
        tx.conversations.add(conversation())


@pytest.fixture
def pages(services: Services) -> LivePages:
    return LivePages(services.casework, services.notifier, look_every_s=0.01)


async def told(events: Any) -> tuple[str, str]:
    event = await asyncio.wait_for(anext(events), SOON)
    return event.event, event.data


async def test_a_page_is_told_at_the_start_and_of_each_change(pages: LivePages, services: Services) -> None:
    events = pages._events(CLERK, "", "")
    assert await told(events) == ("queue", "0")
    services.handoffs.hand_off("c1", services.companies.get("okura"), HandoffReason.ASKED, "m1")
    assert await told(events) == ("queue", "1")
    await events.aclose()


async def test_an_open_conversation_tells_of_what_is_said_and_who_looks(
    pages: LivePages, services: Services, clock: FixedClock
) -> None:
    events = pages._events(CLERK, "c1", "conversation:c1")
    assert await told(events) == ("queue", "0")
    assert (await told(events))[0] == "said"
    file = services.casework.files.open(Worker("other", "", "okura"), "c1")
    assert file.looking == ["clerk"]
    clock.advance(seconds=1)
    with services.store.transaction() as tx:
        tx.conversations.add_message(message(created_at=clock.now()))
    assert (await told(events))[0] == "said"
    # Closed, the page no longer counts as looking
    await events.aclose()
    assert services.casework.files.open(Worker("other", "", "okura"), "c1").looking == []


async def test_a_customer_who_writes_is_seen_while_it_lasts(services: Services) -> None:
    pages = LivePages(services.casework, services.notifier, look_every_s=SOON)
    events = pages._events(CLERK, "c1", "")
    await told(events)
    await told(events)
    writes = asyncio.create_task(told(events))
    await asyncio.sleep(0)
    signs = TypingSigns(services.notifier)
    signs.note("another")
    signs.note("c1")
    assert await writes == ("typing", "")
    await events.aclose()


async def test_a_conversation_that_is_erased_ends_its_stream(pages: LivePages, services: Services) -> None:
    events = pages._events(CLERK, "c1", "conversation:c1")
    await told(events)
    await told(events)
    with services.store.transaction() as tx:
        tx.conversations.erase("c1")
    assert (await told(events))[0] == "said"
    with pytest.raises(StopAsyncIteration):
        await told(events)


async def test_a_stream_ends_so_that_the_guard_is_asked_again(
    pages: LivePages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_pages, "LIFE_S", -1)
    events = pages._events(CLERK, "", "")
    await told(events)
    with pytest.raises(StopAsyncIteration):
        await told(events)


@pytest.mark.parametrize("look", ["pulse", "waiting"])
async def test_without_the_database_the_page_waits(
    pages: LivePages, services: Services, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    events = pages._events(CLERK, "", "")
    await told(events)

    def gone(whose: object) -> str:
        monkeypatch.undo()
        raise Unavailable("the database is gone")

    monkeypatch.setattr(services.casework.queue, look, gone)
    services.handoffs.hand_off("c1", services.companies.get("okura"), HandoffReason.ASKED, "m1")
    assert await told(events) == ("queue", "1")
    await events.aclose()
