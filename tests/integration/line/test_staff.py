"""Staff answer LINE from the same queue as the website."""

from __future__ import annotations

import pytest

from bot.knowledge.library import PolicyLibrary
from bot.services.business_calendar import CompanyCalendar
from bot.services.casework import Casework, build_casework
from bot.services.casework.queue import Wanted
from bot.services.casework.worker import Worker
from bot.services.phrases import Phrasebook
from bot.settings import ROOT
from tests.integration.line.conftest import HANAKO, LineDesk

SATOH = Worker("satoh", "佐藤", "okura")
PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")


@pytest.fixture
def casework(at: LineDesk) -> Casework:
    companies = PolicyLibrary(at.settings.company_dir)
    return build_casework(at.store, companies, CompanyCalendar(companies), PHRASES, at.clock, at.settings)


async def test_staff_take_answer_and_give_back_a_conversation_in_line(at: LineDesk, casework: Casework) -> None:
    await at.hear("こんにちは")
    case = casework.cases.begin(SATOH, at.conversation())
    [row] = casework.queue.show(SATOH, Wanted(channel="line")).rows
    assert (row.id, row.channel) == (case.id, "line")
    # A person's words go out as a push; what the customer writes then isn't the engine's
    casework.talk.say(SATOH, at.conversation(), "お調べします。", "k1")
    await at.sweep()
    await at.push()
    heard = len(at.engine.heard)
    await at.hear("お願いします")
    assert len(at.engine.heard) == heard
    casework.cases.finish(SATOH, case.id, "またどうぞ。")
    await at.sweep()
    await at.push()
    said = [(shown.way, shown.text) for shown in at.line.to(HANAKO)][1:]
    assert said == [("push", "お調べします。"), ("push", "またどうぞ。"), ("push", PHRASES.text("handoff_ended"))]
    await at.hear("こんにちは")
    assert len(at.engine.heard) == heard + 1
