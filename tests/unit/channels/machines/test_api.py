from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from starlette.testclient import TestClient

from bot.privacy.handoff import HandoffReason
from bot.services.handoffs import Handoffs
from bot.services.machine_events import MachineEvents
from bot.services.machines import MachineRegister, Scope
from bot.services.records import Handoff
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import data_subject_request, message, suppression
from tests.unit.channels.machines.conftest import COMPANIES, HelpDesk
from tests.unit.channels.web.conftest import Browser

Waiting = Callable[..., Handoff]


class TestSuppressions:
    WANTED: ClassVar[dict[str, Any]] = {"means": "email", "purpose": "marketing", "contacts": ["x@example.jp"]}

    def test_who_must_not_be_contacted_is_named_as_asked(
        self, help_desk: Callable[..., HelpDesk], sqlite_store: SqlStore
    ) -> None:
        with sqlite_store.transaction() as tx:
            tx.suppressions.add(suppression(contact="x@example.jp", means="email"))
        asked = {**self.WANTED, "contacts": ["a@example.jp", " X@Example.JP", "x@example.jp"]}
        desk = help_desk(scope=Scope.READ)
        assert desk.post("suppressions/check", json=asked).json() == {"suppressed": [" X@Example.JP", "x@example.jp"]}
        assert desk.post("suppressions/check", json={**asked, "means": "post"}).json() == {"suppressed": []}
        assert desk.post("suppressions/check", json={**asked, "purpose": "inspection"}).json() == {"suppressed": []}
        assert help_desk("kagoshima").post("suppressions/check", json=asked).json() == {"suppressed": []}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"contacts": []},
            {"contacts": ["x"] * 1001},
            {"contacts": "x@example.jp"},
            {"contacts": [1]},
            {"contacts": [""]},
            {"contacts": ["x" * 301]},
            {"contacts": ["\ud800"]},
            {"means": "all"},
            {"means": None},
            {"purpose": "recall"},
        ],
    )
    def test_nonsense_is_refused(self, desk: HelpDesk, wrong: dict[str, Any]) -> None:
        answer = desk.post("suppressions/check", content=json.dumps({**self.WANTED, **wrong}))
        assert (answer.status_code, answer.json()) == (400, {"error": "bad_request"})


class TestCases:
    @pytest.mark.parametrize("limit", [1, 2, 5, 100])
    @pytest.mark.parametrize("status", ["", "&status=waiting"])
    def test_pages_follow_the_queue_without_gap_or_double(
        self, desk: HelpDesk, waiting: Waiting, clock: FixedClock, limit: int, status: str
    ) -> None:
        asked = [waiting(f"c{number}").id for number in range(3)]
        clock.advance(minutes=1)
        leaks = [waiting(f"leak{number}", reason=HandoffReason.LEAK).id for number in range(2)]
        waiting("other", company="kagoshima")
        page, seen = desk.get(f"handoffs?limit={limit}{status}").json(), []
        while page["next"]:
            assert len(page["handoffs"]) == limit
            seen += page["handoffs"]
            page = desk.get(f"handoffs?limit={limit}{status}&cursor={page['next']}").json()
        assert [one["id"] for one in seen + page["handoffs"]] == sorted(leaks) + sorted(asked)

    @pytest.mark.parametrize("cursor", ["", "1.a", "1.1", "a.1.c1", "1.g.c1", "1.1.a%20b", "1.1.a&cursor=1.1.a"])
    def test_a_cursor_that_the_desk_never_gave_is_refused(self, desk: HelpDesk, cursor: str) -> None:
        assert desk.get(f"handoffs?cursor={cursor}").status_code == 400

    def test_they_are_listed_as_staff_see_them(self, desk: HelpDesk, waiting: Waiting, clock: FixedClock) -> None:
        first = waiting("c1")
        clock.advance(minutes=1)
        leak = waiting("c2", reason=HandoffReason.LEAK)
        desk.post(f"handoffs/{first.id}/claim")
        assert desk.states() == [(leak.id, "waiting", None), (first.id, "claimed", "you")]
        assert desk.get("handoffs?limit=1").json()["handoffs"][0] == {
            "id": leak.id,
            "conversation": "c2",
            "channel": "web",
            "reason": "leak",
            "status": "waiting",
            "priority": 0,
            "waiting_since": "2026-06-02T01:01:00+00:00",
            "held_by": None,
        }
        assert [one["id"] for one in desk.get("handoffs?status=claimed").json()["handoffs"]] == [first.id]
        assert desk.get(f"handoffs/{first.id}").json()["held_by"] == "you"

    @pytest.mark.parametrize("query", ["status=closed", "status=", "status=waiting&status=claimed", "limit=0"])
    @pytest.mark.parametrize("also", ["limit=101", "limit=x", "limit=-1", "limit=1&limit=2"])
    def test_a_list_of_nonsense_is_refused(self, desk: HelpDesk, query: str, also: str) -> None:
        assert desk.get(f"handoffs?{query}").status_code == 400
        assert desk.get(f"handoffs?{also}").status_code == 400

    def test_one_of_two_gets_a_case(self, desk: HelpDesk, help_desk: Callable[..., HelpDesk], waiting: Waiting) -> None:
        case, other = waiting(), help_desk()
        assert desk.post(f"handoffs/{case.id}/claim").json()["held_by"] == "you"
        refused = other.post(f"handoffs/{case.id}/claim")
        assert (refused.status_code, refused.json()) == (409, {"error": "not_yours"})
        assert other.states() == [(case.id, "claimed", "machine")]
        # Asked again after a lost answer, it is still its own.
        assert desk.post(f"handoffs/{case.id}/claim").status_code == 200

    @pytest.mark.parametrize("act", ["release", "close", "messages"])
    def test_what_staff_hold_is_left_alone(
        self, desk: HelpDesk, waiting: Waiting, handoffs: Handoffs, act: str
    ) -> None:
        case = waiting()
        handoffs.claim(case.id, "satoh")
        answer = desk.post(f"handoffs/{case.id}/{act}", json={"text": "はい"}, headers={"Idempotency-Key": "k" * 8})
        assert (answer.status_code, answer.json()) == (409, {"error": "not_yours"})
        assert desk.states() == [(case.id, "claimed", "staff")]

    def test_a_released_case_waits_again_and_a_closed_one_is_gone(self, desk: HelpDesk, waiting: Waiting) -> None:
        case = waiting()
        desk.post(f"handoffs/{case.id}/claim")
        assert desk.post(f"handoffs/{case.id}/release").json()["status"] == "waiting"
        assert desk.post(f"handoffs/{case.id}/close").status_code == 409
        desk.post(f"handoffs/{case.id}/claim")
        assert desk.post(f"handoffs/{case.id}/close").json()["status"] == "closed"
        assert desk.states() == []
        assert desk.get(f"handoffs/{case.id}/messages").status_code == 409

    def test_a_case_is_not_closed_over_words_that_were_not_seen(
        self, desk: HelpDesk, waiting: Waiting, sqlite_store: SqlStore
    ) -> None:
        case = waiting()
        desk.post(f"handoffs/{case.id}/claim")
        seen = desk.answer(case.id, "承りました。").json()["message"]["seq"]
        with sqlite_store.transaction() as tx:
            tx.conversations.add_message(message("late", conversation=case.conversation, text="あと、もう一つ"))
        refused = desk.post(f"handoffs/{case.id}/close?seen={seen}")
        assert (refused.status_code, refused.json()) == (409, {"error": "unread"})
        assert desk.states() == [(case.id, "claimed", "you")]
        assert desk.post(f"handoffs/{case.id}/close?seen=last").status_code == 400
        assert desk.post(f"handoffs/{case.id}/close?seen={seen + 1}").json()["status"] == "closed"

    def test_everything_is_in_the_audit_chain_under_its_name(
        self, desk: HelpDesk, waiting: Waiting, sqlite_store: SqlStore
    ) -> None:
        case = waiting()
        desk.post(f"handoffs/{case.id}/claim")
        desk.get(f"handoffs/{case.id}/messages")
        desk.get(f"handoffs/{case.id}/messages?after=1")
        for _ in range(2):
            desk.answer(case.id, "はい")
        desk.post(f"handoffs/{case.id}/close")
        with sqlite_store.transaction(read_only=True) as tx:
            (machine,) = tx.machines.find()
            done = [(record.actor, record.action) for record in tx.audit.records(f"handoff:{case.id}")]
        assert done[1:] == [
            (f"machine:{machine.id}", action)
            for action in ("handoff.claimed", "personal.revealed", "handoff.answered", "handoff.closed")
        ]


class TestAnswers:
    @pytest.fixture
    def case(self, desk: HelpDesk, waiting: Waiting) -> Handoff:
        case = waiting()
        desk.post(f"handoffs/{case.id}/claim")
        return case

    def test_the_customer_reads_it(self, desk: HelpDesk, case: Handoff, sqlite_store: SqlStore) -> None:
        answer = desk.answer(case.id, " 担当の佐藤です。\n少々お待ちください ", staff_name="佐藤")
        assert answer.status_code == 201
        said = answer.json()["message"]
        assert (said["author"], said["staff_name"]) == ("staff", "佐藤")
        assert said["text"] == "担当の佐藤です。\n少々お待ちください"
        with sqlite_store.transaction(read_only=True) as tx:
            assert [one.text for one in tx.conversations.messages("c1")] == [said["text"]]
        assert desk.get(f"handoffs/{case.id}/messages").json() == {"messages": [said]}

    def test_the_same_key_answers_once(self, desk: HelpDesk, case: Handoff) -> None:
        first = desk.answer(case.id, "はい", "answer-0001")
        again = desk.answer(case.id, "はい、そうです", "answer-0001")
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == {**first.json(), "repeated": True}
        assert desk.answer(case.id, "はい", "answer-0002").status_code == 201
        assert [one["seq"] for one in desk.get(f"handoffs/{case.id}/messages").json()["messages"]] == [1, 2]

    @pytest.mark.parametrize("key", [None, "", "short", "k" * 65, "with space", "ключ1234"])
    def test_an_answer_needs_a_key_of_its_own(self, desk: HelpDesk, case: Handoff, key: str | None) -> None:
        headers = {} if key is None else {"Idempotency-Key": key.encode()}
        answer = desk.post(f"handoffs/{case.id}/messages", json={"text": "はい"}, headers=headers)
        assert answer.status_code == 400

    @pytest.mark.parametrize(
        "body",
        [
            *({}, [], {"text": 1}, {"text": ""}, {"text": " \n"}, {"text": "a" * 4001}, {"text": "a\x00b"}),
            *({"text": "\ud800"}, {"text": "a", "staff_name": 1}, {"text": "a", "staff_name": "佐" * 41}),
        ],
    )
    def test_what_no_customer_can_read_is_refused(self, desk: HelpDesk, case: Handoff, body: Any) -> None:
        headers, sent = {"Idempotency-Key": "answer-0001"}, json.dumps(body)
        assert desk.post(f"handoffs/{case.id}/messages", content=sent, headers=headers).status_code == 400
        assert desk.get(f"handoffs/{case.id}/messages").json() == {"messages": []}

    def test_nothing_of_ours_is_shown(self, desk: HelpDesk, case: Handoff, sqlite_store: SqlStore) -> None:
        with sqlite_store.transaction() as tx:
            tx.conversations.add_message(message(event_id="web-1", body={"masked": ["my_number"], "note": "secret"}))
        (said,) = desk.get(f"handoffs/{case.id}/messages").json()["messages"]
        assert set(said) == {"seq", "author", "text", "at"}

    def test_a_customer_who_left_gets_nothing(
        self, desk: HelpDesk, case: Handoff, sqlite_store: SqlStore, clock: FixedClock
    ) -> None:
        with sqlite_store.transaction() as tx:
            thread = tx.conversations.get("c1")
            assert thread
            tx.conversations.save(replace(thread, ended_at=clock.now()))
        assert desk.answer(case.id, "はい").status_code == 409


class TestRequests:
    def test_a_list_names_nobody(self, desk: HelpDesk, sqlite_store: SqlStore) -> None:
        with sqlite_store.transaction() as tx:
            tx.requests.add(data_subject_request("r1"))
        answer = desk.get("requests?status=open")
        (only,) = answer.json()["requests"]
        assert (only["id"], only["type"], only["due_date"]) == ("r1", "disclosure", "2026-06-16")
        assert "hanako" not in answer.text
        assert desk.get("requests?status=denied").json() == {"requests": [], "next": None}
        assert desk.get("requests?status=lost").status_code == 400

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
    @pytest.mark.parametrize("status", ["", "&status=open"])
    def test_pages_follow_each_other_without_gap_or_double(
        self, desk: HelpDesk, sqlite_store: SqlStore, clock: FixedClock, limit: int, status: str
    ) -> None:
        # Two of them at the same moment, and one of another company
        for number in range(7):
            at = clock.now() + timedelta(microseconds=number // 2)
            with sqlite_store.transaction() as tx:
                tx.requests.add(data_subject_request(f"r{number}", created_at=at))
                tx.requests.add(data_subject_request(f"x{number}", company="kagoshima", created_at=at))
        page, seen = desk.get(f"requests?limit={limit}{status}").json(), []
        while page["next"]:
            assert len(page["requests"]) == limit
            seen += page["requests"]
            page = desk.get(f"requests?limit={limit}{status}&cursor={page['next']}").json()
        assert [one["id"] for one in seen + page["requests"]] == [f"r{number}" for number in range(7)]

    def test_a_page_goes_on_where_the_last_one_of_the_page_before_is_gone(
        self, desk: HelpDesk, sqlite_store: SqlStore, clock: FixedClock
    ) -> None:
        with sqlite_store.transaction() as tx:
            for number in range(2):
                tx.requests.add(data_subject_request(f"r{number}", created_at=clock.now() + timedelta(days=number)))
        following = desk.get("requests?limit=1").json()["next"]
        with sqlite_store.transaction() as tx:
            tx.requests.delete("r0")
        assert [one["id"] for one in desk.get(f"requests?cursor={following}").json()["requests"]] == ["r1"]

    @pytest.mark.parametrize("cursor", ["", "r1", "1", "g.r1", "1.", "1.a%20b", "fffffffffffffff.a", "1.a&cursor=1.a"])
    def test_a_cursor_that_the_desk_never_gave_is_refused(self, desk: HelpDesk, cursor: str) -> None:
        assert desk.get(f"requests?cursor={cursor}").status_code == 400

    @pytest.mark.parametrize("name", ["r1", "OK-7F3K-9M2Q-4T8W", "ok-7f3k-9m2q-4t8w"])
    def test_one_tells_all_and_leaves_a_trace(self, desk: HelpDesk, sqlite_store: SqlStore, name: str) -> None:
        with sqlite_store.transaction() as tx:
            tx.requests.add(data_subject_request("r1", receipt="OK-7F3K-9M2Q-4T8W"))
        for _ in range(2):
            found = desk.get(f"requests/{name}").json()
        assert found["claimant"] == {"name": "髙橋花子", "email": "hanako@example.jp"}
        assert found["details"] == {"scope": "すべて"}
        with sqlite_store.transaction(read_only=True) as tx:
            assert [record.action for record in tx.audit.records("request:r1")] == ["personal.revealed"]


class TestNews:
    """What the webhook is told of while another help desk has a customer."""

    @pytest.fixture
    def listening(self, client: TestClient, register: MachineRegister) -> HelpDesk:
        made = register.add("a", "okura", Scope.WORK, "http://127.0.0.1:1/hook", "operator")
        return HelpDesk(client, made.key)

    def test_it_hears_of_the_case_and_of_messages_without_their_words(
        self, listening: HelpDesk, browser: Browser, handoffs: Handoffs, sqlite_store: SqlStore, clock: FixedClock
    ) -> None:
        browser.start()
        browser.send("だれかと話したい")
        browser.settle()
        handoffs.hand_off(browser.conversation, COMPANIES.get("okura"), HandoffReason.ASKED, "m1")
        (case,) = listening.get("handoffs").json()["handoffs"]
        listening.post(f"handoffs/{case['id']}/claim")
        browser.send("山田太郎です。090-1234-5678に電話をください")
        MachineEvents(sqlite_store, clock).relay()
        with sqlite_store.transaction(read_only=True) as tx:
            told = [one for one in tx.outbox.find() if one.kind == "webhook"]
        assert sorted(one.subject for one in told) == ["handoff.claimed", "handoff.opened", "message.received"]
        assert not [one for one in told if "山田" in one.text or "1234" in one.text]
        assert all(case["id"] in one.text for one in told)

    def test_what_is_said_to_the_bot_is_not_its_business(
        self, listening: HelpDesk, browser: Browser, sqlite_store: SqlStore
    ) -> None:
        browser.start()
        browser.send("リコールのときは？")
        browser.settle()
        with sqlite_store.transaction(read_only=True) as tx:
            assert tx.outbox.find() == []
