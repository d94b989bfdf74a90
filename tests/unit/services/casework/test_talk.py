from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import NotFound
from bot.services.casework.talk import LONGEST_ANSWER
from bot.services.casework.worker import CaseChanged, CustomerLeft, HeldByColleague, TextRefused
from tests.records import conversation
from tests.unit.services.casework.conftest import OTHER_COMPANY, SATOH, SUZUKI, Office


def test_answering_claims_the_case_and_names_who_answers(office: Office) -> None:
    case = office.waits()
    message = office.talk.say(SATOH, "c1", " お待たせしました。\r\n佐藤です。 ", "k1")
    assert (message.author, message.text) == ("staff", "お待たせしました。\n佐藤です。")
    assert message.body["staff_name"] == "佐藤"
    assert office.case(case.id).claimed_by == "satoh"
    assert [action for _, action in office.audited()[1:]] == ["handoff.claimed", "handoff.answered"]


def test_an_answer_sent_twice_is_said_once_even_after_the_case_is_over(office: Office) -> None:
    case = office.waits()
    first = office.talk.say(SATOH, "c1", "はい", "k1")
    assert office.talk.say(SATOH, "c1", "はい", "k1") == first
    office.cases.finish(SATOH, case.id, "")
    assert office.talk.say(SATOH, "c1", "はい", "k1") == first
    assert [text for author, text in office.said("c1") if author == "staff"] == ["はい"]
    # Another message with the same words is another message
    case = office.cases.begin(SATOH, "c1")
    office.talk.say(SATOH, "c1", "はい", "k2")
    assert [text for author, text in office.said("c1") if author == "staff"] == ["はい", "はい"]


def test_a_colleagues_case_is_read_and_not_answered(office: Office) -> None:
    office.waits()
    office.talk.say(SATOH, "c1", "はい", "k1")
    with pytest.raises(HeldByColleague):
        office.talk.say(SUZUKI, "c1", "わたしも", "k1")
    assert len(office.files.open(SUZUKI, "c1").messages) == 1


def test_while_the_bot_answers_and_after_the_customer_left_nothing_is_said(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.conversations.add(conversation())
    with pytest.raises(CaseChanged):
        office.talk.say(SATOH, "c1", "はい", "k1")
    office.waits("c2")
    with office.store.transaction() as tx:
        tx.conversations.save(replace(office.thread("c2"), ended_at=office.clock.now()))
    with pytest.raises(CustomerLeft):
        office.talk.say(SATOH, "c2", "はい", "k1")
    assert office.said("c1") == office.said("c2") == []


@pytest.mark.parametrize("text", ["", " \n　", "\x00\ud800"])
def test_an_empty_answer_is_refused(office: Office, text: str) -> None:
    office.waits()
    with pytest.raises(TextRefused):
        office.talk.say(SATOH, "c1", text, "k1")
    with pytest.raises(TextRefused):
        office.talk.note(SATOH, "c1", text, "k1")


def test_an_answer_that_is_too_long_is_refused(office: Office) -> None:
    office.waits()
    office.talk.say(SATOH, "c1", "あ" * LONGEST_ANSWER, "k1")
    with pytest.raises(TextRefused):
        office.talk.say(SATOH, "c1", "あ" * (LONGEST_ANSWER + 1), "k2")


def test_a_note_is_for_colleagues_alone_and_kept_once(office: Office) -> None:
    office.waits()
    for _ in range(2):
        office.talk.note(SATOH, "c1", "本人から電話あり", "k1")
    file = office.files.open(SUZUKI, "c1")
    assert [(note.staff, note.text) for note in file.notes] == [("satoh", "本人から電話あり")]
    assert file.names == {"satoh": "佐藤"}
    assert office.said("c1") == []
    with pytest.raises(NotFound):
        office.talk.note(OTHER_COMPANY, "c1", "のぞき見", "k1")


def test_another_companys_conversation_is_not_there(office: Office) -> None:
    office.waits()
    with pytest.raises(NotFound):
        office.talk.say(OTHER_COMPANY, "c1", "はい", "k1")
    with pytest.raises(NotFound):
        office.files.open(OTHER_COMPANY, "c1")
    with pytest.raises(NotFound):
        office.files.messages(OTHER_COMPANY, "c1", 0)
