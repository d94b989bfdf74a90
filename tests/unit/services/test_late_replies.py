"""The front has stopped waiting for the engine, which then finishes all the same: what it did is told, and once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import Unavailable
from bot.knowledge.library import PolicyLibrary
from bot.privacy.handoff import HandoffReason
from bot.services.business_calendar import CompanyCalendar
from bot.services.converse import Desk
from bot.services.handoffs import Handoffs
from bot.services.intake import Intake
from bot.services.phrases import Phrasebook
from bot.services.ports import EngineReply
from bot.services.turns import Turn
from bot.settings import ROOT, Settings
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.conftest import FixedClock
from tests.unit.services.intake.talk import Talk

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
COMPANIES = PolicyLibrary(ROOT / "data" / "policies")
EXCUSE = "ただいま自動でのお答えができません"
LATE = PHRASES.say("late_reply").text
SEND = "送信する"


class SilentEngine:
    """Does what a test wants, and says nothing in time."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[str], object] = lambda message: None

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        self.meanwhile(metadata["message_id"])
        raise Unavailable("the dialogue engine did not answer")


class Customer:
    """Has a form open whose summary waits for the last word."""

    def __init__(self, store: SqlStore, vault: Vault, clock: FixedClock) -> None:
        self.store, self.engine = store, SilentEngine()
        self.handoffs = Handoffs(store, PHRASES, CompanyCalendar(COMPANIES), clock)
        intake = Intake(store, PHRASES, vault, clock, Settings(), COMPANIES)
        self.talk = Talk(intake, store, COMPANIES, clock, "okura", "web")
        self.desk = Desk(store, self.engine, COMPANIES, PHRASES, self.handoffs, intake.expectation, clock, Settings())
        self.talk.wants("stop_marketing", "090-1234-5678への電話やめて")
        self.talk.says("はい")

    async def sends(self, text: str = SEND) -> str:
        """Send a message through the front; give its id."""
        accepted = self.desk.accept(self.talk.id, text, "the-event")
        await self.desk.work(self.talk.id)
        return accepted.message.id

    def action(self, message: str, text: str = SEND) -> str:
        """What the engine's action does with the message."""
        turn: Turn = self.talk.turn(text, event=message)
        return "\n".join(reply.text for reply in self.talk.intake.answer(turn))

    def screen(self) -> list[str]:
        """All that the desk has said."""
        return [one.text for one in self.desk.transcript(self.talk.id) if one.author == "bot"]

    def receipt(self) -> str:
        [request] = self.talk.requests()
        return request.receipt


@pytest.fixture
def customer(store: SqlStore, vault: Vault, clock: FixedClock) -> Customer:
    return Customer(store, vault, clock)


async def test_a_receipt_that_comes_after_the_excuse_is_told_once(customer: Customer) -> None:
    message = await customer.sends()
    assert EXCUSE in customer.screen()[0]
    customer.action(message)
    customer.action(message)
    excuse, late, receipt, *_ = customer.screen()
    assert EXCUSE in excuse
    assert late == LATE
    assert customer.receipt() in receipt
    assert "\n".join(customer.screen()).count(customer.receipt()) == 1


async def test_a_late_question_of_the_form_is_told_too(customer: Customer) -> None:
    message = await customer.sends("電話番号を直す")
    asked = customer.action(message, "電話番号を直す")
    assert "\n".join(customer.screen()).endswith(asked)


async def test_what_the_engine_did_before_it_fell_silent_takes_the_excuses_place(customer: Customer) -> None:
    customer.engine.meanwhile = customer.action
    await customer.sends()
    assert customer.receipt() in customer.screen()[0]
    assert EXCUSE not in "\n".join(customer.screen())
    assert not customer.handoffs.find("okura", "waiting")


async def test_so_does_what_it_does_while_the_excuse_is_made_up(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def note_and_act(conversation: str, company: object, reason: HandoffReason, event: str) -> None:
        customer.action(event)

    monkeypatch.setattr(customer.handoffs, "note", note_and_act)
    await customer.sends()
    assert customer.receipt() in customer.screen()[0]
    assert EXCUSE not in "\n".join(customer.screen())


async def test_what_is_told_in_time_is_not_told_late(customer: Customer) -> None:
    customer.action("a message that is not answered yet")
    assert customer.screen() == []


@pytest.mark.parametrize(("text", "told"), [("電話番号を直す", False), (SEND, True)])
async def test_while_a_person_answers_only_a_receipt_is_told(customer: Customer, text: str, told: bool) -> None:
    message = await customer.sends(text)
    with customer.store.transaction() as tx:
        thread = tx.conversations.get(customer.talk.id)
        assert thread is not None
        tx.conversations.save(replace(thread, owner="staff"))
    customer.action(message, text)
    assert (LATE in customer.screen()) == told
