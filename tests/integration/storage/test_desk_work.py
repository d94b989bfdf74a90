from __future__ import annotations

from datetime import timedelta

from bot.services.records import Note, Presence
from bot.storage.store import SqlStore
from tests.records import NOW, conversation, data_subject_request, handoff

LATER = NOW + timedelta(minutes=1)


def test_a_note_comes_back_once_and_goes_with_its_conversation(store: SqlStore) -> None:
    first, second = Note("n1", "c1", "s1", "電話済み", NOW), Note("n2", "c1", "s2", "折り返し待ち", LATER)
    with store.transaction() as tx:
        tx.conversations.add(conversation())
        assert tx.notes.add(second)
        assert tx.notes.add(first)
        assert not tx.notes.add(first)
        assert tx.notes.of("c1") == [first, second]
        assert tx.notes.of("c2") == []
        tx.conversations.erase("c1")
        assert tx.notes.of("c1") == []


def test_who_looks_is_known_until_they_leave_or_are_not_seen_again(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.presences.touch("conversation:c1", "s1", NOW)
        tx.presences.touch("conversation:c1", "s2", NOW)
        tx.presences.touch("conversation:c1", "s1", LATER)
        assert tx.presences.since(LATER) == [Presence("conversation:c1", "s1", LATER)]
        tx.presences.leave("conversation:c1", "s1")
        assert tx.presences.since(NOW) == [Presence("conversation:c1", "s2", NOW)]
        assert tx.presences.sweep(LATER) == 1
        assert tx.presences.since(NOW) == []


def test_who_wants_e_mail_of_cases_is_told_once_a_time(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert not tx.case_alerts.is_on("s1", "okura")
        tx.case_alerts.switch_on("s1", "okura", NOW)
        tx.case_alerts.switch_on("s1", "okura", LATER)
        tx.case_alerts.switch_on("s2", "kagoshima", NOW)
        assert tx.case_alerts.is_on("s1", "okura")
        assert tx.case_alerts.wanted("okura") == [("s1", NOW)]
        assert tx.case_alerts.told("s1", "okura", NOW, LATER)
        assert not tx.case_alerts.told("s1", "okura", NOW, LATER)
        assert tx.case_alerts.wanted("okura") == [("s1", LATER)]
        tx.case_alerts.switch_off("s1", "okura")
        assert tx.case_alerts.wanted("okura") == []


def test_an_unverified_request_is_found_by_what_was_said_however_it_is_written(store: SqlStore) -> None:
    claimant = {"name": "髙橋 花子", "contact": "090-1234-5678"}
    with store.transaction() as tx:
        tx.requests.add(data_subject_request(claimant=claimant))
        for written in ("高橋花子", "高橋　花子", "09012345678", "+819012345678"):
            assert tx.request_lookup.find("okura", written, 10) == ["r1"], written
        assert tx.request_lookup.find("okura", "花子", 10) == []
        assert tx.request_lookup.find("kagoshima", "高橋花子", 10) == []
        tx.requests.delete("r1")
        assert tx.request_lookup.find("okura", "高橋花子", 10) == []


def test_the_time_a_case_was_raised_comes_back(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.handoffs.add(handoff(raised_at=LATER))
        found = tx.handoffs.get("h1")
        assert found is not None
        assert found.raised_at == LATER
