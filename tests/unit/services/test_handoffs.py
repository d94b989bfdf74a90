from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bot.knowledge.company import Company
from bot.knowledge.library import PolicyLibrary
from bot.privacy.handoff import HandoffReason
from bot.services.business_calendar import CompanyCalendar
from bot.services.handoffs import Handoffs
from bot.services.phrases import Phrasebook
from bot.services.records import Conversation
from bot.settings import ROOT
from bot.storage.store import SqlStore
from tests.conftest import FixedClock

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
COMPANIES = PolicyLibrary(ROOT / "data" / "policies")
ASKED, LEAK, COMPLAINT, NOT_UNDERSTOOD = (
    HandoffReason.ASKED,
    HandoffReason.LEAK,
    HandoffReason.COMPLAINT,
    HandoffReason.NOT_UNDERSTOOD,
)


@pytest.fixture
def handoffs(sqlite_store: SqlStore, clock: FixedClock) -> Handoffs:
    for name in ("c1", "c2", "c3"):
        with sqlite_store.transaction() as tx:
            tx.conversations.add(Conversation(name, "web", "okura", clock.now(), clock.now()))
    return Handoffs(sqlite_store, PHRASES, CompanyCalendar(COMPANIES), clock)


@pytest.fixture
def okura() -> Company:
    return COMPANIES.get("okura")


def owner(store: SqlStore, conversation: str) -> str:
    with store.transaction(read_only=True) as tx:
        thread = tx.conversations.get(conversation)
        assert thread is not None
        return thread.owner


def test_a_handoff_opens_a_case_and_gives_staff_the_conversation(
    handoffs: Handoffs, okura: Company, sqlite_store: SqlStore
) -> None:
    replies = handoffs.hand_off("c1", okura, ASKED, "m1")
    assert [case.conversation for case in handoffs.find("okura", "waiting")] == ["c1"]
    assert owner(sqlite_store, "c1") == "staff"
    assert "担当者" in replies[0].text
    assert [button.payload for button in replies[0].buttons] == ["自動でのお答えに戻る"]


def test_the_same_message_opens_one_case_however_often_it_is_worked_on(
    handoffs: Handoffs, okura: Company, sqlite_store: SqlStore
) -> None:
    first = handoffs.hand_off("c1", okura, ASKED, "m1")
    again = handoffs.hand_off("c1", okura, ASKED, "m1")
    assert first == again
    assert len(handoffs.find()) == 1
    with sqlite_store.transaction(read_only=True) as tx:
        assert [record.action for record in tx.audit.records()] == ["handoff.opened"]


def test_staff_see_a_leak_first_then_complaints_then_by_waiting_time(
    handoffs: Handoffs, okura: Company, clock: FixedClock
) -> None:
    handoffs.hand_off("c1", okura, ASKED, "m1")
    clock.advance(minutes=1)
    handoffs.hand_off("c2", okura, COMPLAINT, "m2")
    clock.advance(minutes=1)
    handoffs.hand_off("c3", okura, LEAK, "m3")
    assert [case.reason for case in handoffs.find("okura")] == [LEAK, COMPLAINT, ASKED]
    assert handoffs.find("kagoshima") == []


def test_a_noted_case_leaves_the_conversation_to_the_bot(
    handoffs: Handoffs, okura: Company, sqlite_store: SqlStore
) -> None:
    handoffs.note("c1", okura, NOT_UNDERSTOOD, "m1")
    assert [case.reason for case in handoffs.find("okura", "waiting")] == [NOT_UNDERSTOOD]
    assert owner(sqlite_store, "c1") == "bot"


def test_the_customer_gets_the_bot_back_only_while_nobody_has_claimed(
    handoffs: Handoffs, okura: Company, sqlite_store: SqlStore
) -> None:
    # Given two conversations handed over, one of them claimed
    handoffs.hand_off("c1", okura, ASKED, "m1")
    handoffs.hand_off("c2", okura, ASKED, "m2")
    claimed = next(case for case in handoffs.find() if case.conversation == "c2")
    assert handoffs.claim(claimed.id, "s1")
    # When both customers want the bot back, then only the unclaimed one gets it
    assert handoffs.return_to_bot("c1")
    assert not handoffs.return_to_bot("c2")
    assert (owner(sqlite_store, "c1"), owner(sqlite_store, "c2")) == ("bot", "staff")
    assert not handoffs.return_to_bot("c1")


def test_one_of_two_staff_wins_and_the_bot_goes_on_after_the_case(
    handoffs: Handoffs, okura: Company, sqlite_store: SqlStore
) -> None:
    handoffs.hand_off("c1", okura, ASKED, "m1")
    case = handoffs.find()[0]
    assert handoffs.claim(case.id, "s1")
    assert not handoffs.claim(case.id, "s2")
    assert handoffs.close(case.id, "s1")
    assert not handoffs.close(case.id, "s1")
    assert owner(sqlite_store, "c1") == "bot"
    with sqlite_store.transaction(read_only=True) as tx:
        actions = [(record.actor, record.action) for record in tx.audit.records()]
    assert actions == [
        ("customer", "handoff.opened"),
        ("staff:s1", "handoff.claimed"),
        ("staff:s1", "handoff.closed"),
    ]


@pytest.mark.parametrize(
    ("japanese_time", "words"),
    [
        ("2026-06-02T10:00", "ただいま受付時間内です（本日17時30分まで）"),
        ("2026-06-02T17:30", "6月3日（水）8時30分以降"),
        ("2026-06-02T07:00", "6月2日（火）8時30分以降"),
        ("2026-06-05T18:00", "6月8日（月）8時30分以降"),  # Friday evening
        ("2026-12-31T18:00", "1月4日（月）8時30分以降"),  # New Year's Day and a week-end follow.
    ],
)
def test_the_customer_is_told_honestly_when_somebody_answers(
    handoffs: Handoffs, okura: Company, clock: FixedClock, japanese_time: str, words: str
) -> None:
    clock.moment = datetime.fromisoformat(f"{japanese_time}+09:00").astimezone(timezone.utc)
    assert words in handoffs.waiting_words(okura)


def test_a_company_without_hours_names_its_contact(handoffs: Handoffs, okura: Company) -> None:
    words = handoffs.waiting_words(replace(okura, opening_hours={}))
    assert "0233-75-3111" in words
    assert "受付時間外" not in words


def test_the_contact_is_the_companys_own(handoffs: Handoffs) -> None:
    assert "0233-75-3111" in handoffs.contact_line(COMPANIES.get("okura"))
    line = handoffs.contact_line(COMPANIES.get("kagoshima"))
    assert "0120-49-5523" in line
    assert "10:00～17:00" in line
    assert "0233-75-3111" not in line


@pytest.mark.parametrize("act", ["release", "close_own"])
def test_only_whoever_holds_a_case_gives_it_up(
    handoffs: Handoffs, okura: Company, sqlite_store: SqlStore, act: str
) -> None:
    handoffs.hand_off("c1", okura, ASKED, "m1")
    (case,) = handoffs.find("okura")
    give_up = getattr(handoffs, act)
    assert not give_up(case.id, "machine:a1")  # Nobody holds it yet.
    assert handoffs.claim(case.id, "machine:a1")
    assert not give_up(case.id, "satoh")
    assert give_up(case.id, "machine:a1")
    assert not give_up(case.id, "machine:a1")
    assert [one.status for one in handoffs.find("okura")] == ["waiting" if act == "release" else "closed"]
    assert owner(sqlite_store, "c1") == ("staff" if act == "release" else "bot")


def test_the_audit_chain_tells_machines_from_people(handoffs: Handoffs, okura: Company, sqlite_store: SqlStore) -> None:
    handoffs.hand_off("c1", okura, ASKED, "m1")
    (case,) = handoffs.find("okura")
    handoffs.claim(case.id, "machine:a1")
    handoffs.release(case.id, "machine:a1")
    handoffs.claim(case.id, "satoh")
    with sqlite_store.transaction(read_only=True) as tx:
        done = [(record.actor, record.action) for record in tx.audit.records()]
    assert done[1:] == [
        ("machine:a1", "handoff.claimed"),
        ("machine:a1", "handoff.released"),
        ("staff:satoh", "handoff.claimed"),
    ]
