"""Who may call: the key, its scope, its company, how often."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from bot.services.machines import MachineRegister, Scope
from bot.services.records import Handoff
from bot.settings import Settings
from bot.storage.store import SqlStore
from bot.web.app import build_app
from tests.conftest import FixedClock
from tests.records import data_subject_request
from tests.scripted_desk import ScriptedEngine, scripted_parts
from tests.unit.channels.machines.conftest import HelpDesk

Waiting = Callable[..., Handoff]

ROUTES = [
    *(("GET", path) for path in ("handoffs", "handoffs/x", "handoffs/x/messages", "requests", "requests/x")),
    *(("POST", f"handoffs/x/{act}") for act in ("messages", "claim", "release", "close")),
    ("POST", "suppressions/check"),
]


class TestKeys:
    @pytest.mark.parametrize(("method", "path"), ROUTES)
    @pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Bearer mdg_wrong", "Basic bWRn"])
    def test_without_a_key_nothing_is_told(
        self, client: TestClient, method: str, path: str, header: str | None
    ) -> None:
        headers = {"Authorization": header} if header else {}
        answer = client.request(method, f"/api/v1/{path}", headers=headers)
        assert (answer.status_code, answer.json()) == (401, {"error": "key"})

    def test_a_revoked_key_is_none(self, client: TestClient, register: MachineRegister) -> None:
        made = register.add("a", "okura", Scope.WORK, None, "operator")
        desk = HelpDesk(client, made.key)
        assert desk.get("handoffs").status_code == 200
        register.revoke(made.machine.id, None, "operator")
        assert desk.get("handoffs").status_code == 401

    @pytest.mark.parametrize("act", ["claim", "release", "close"])
    def test_a_key_to_look_changes_nothing(
        self, help_desk: Callable[..., HelpDesk], waiting: Waiting, act: str
    ) -> None:
        case, desk = waiting(), help_desk(scope=Scope.READ)
        assert desk.post(f"handoffs/{case.id}/{act}").status_code == 403
        assert desk.answer(case.id, "はい").json() == {"error": "scope"}
        assert desk.states() == [(case.id, "waiting", None)]

    def test_wrong_keys_are_slowed_down_and_right_ones_are_not(self, client: TestClient, desk: HelpDesk) -> None:
        wrong = HelpDesk(client, "mdg_wrong")
        assert {wrong.get("handoffs").status_code for _ in range(30)} == {401}
        refused = wrong.get("handoffs")
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert desk.get("handoffs").status_code == 200

    def test_a_key_has_so_many_calls_a_minute(
        self, settings: Settings, sqlite_store: SqlStore, clock: FixedClock, register: MachineRegister
    ) -> None:
        few = replace(settings, machine_calls_minute=3)
        app = build_app(few, scripted_parts(few, sqlite_store, clock, ScriptedEngine()))
        desk = HelpDesk(TestClient(app), register.add("a", "okura", Scope.READ, None, "operator").key)
        assert [desk.get("handoffs").status_code for _ in range(4)] == [200, 200, 200, 429]
        clock.advance(minutes=1)
        assert desk.get("handoffs").status_code == 200


class TestAnotherCompany:
    """What is another company's isn't there."""

    @pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if "/x" in route[1]])
    def test_its_cases_and_requests_are_not_found(
        self,
        help_desk: Callable[..., HelpDesk],
        waiting: Waiting,
        sqlite_store: SqlStore,
        client: TestClient,
        method: str,
        path: str,
    ) -> None:
        case = waiting()
        with sqlite_store.transaction() as tx:
            tx.requests.add(data_subject_request("r1"))
        stranger = help_desk("kagoshima")
        path = path.replace("/x", f"/{case.id}" if path.startswith("handoffs") else "/r1")
        headers = {**stranger.headers, "Idempotency-Key": "answer-0001"}
        answer = client.request(method, f"/api/v1/{path}", headers=headers, json={"text": "はい"})
        assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})

    def test_its_lists_are_empty(
        self, help_desk: Callable[..., HelpDesk], waiting: Waiting, sqlite_store: SqlStore
    ) -> None:
        waiting()
        with sqlite_store.transaction() as tx:
            tx.requests.add(data_subject_request("r1"))
        stranger = help_desk("kagoshima")
        assert stranger.get("handoffs").json() == {"handoffs": [], "next": None}
        assert stranger.get("requests").json() == {"requests": [], "next": None}
