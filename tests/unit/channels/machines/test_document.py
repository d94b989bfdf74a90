"""docs/api/machines.openapi.yaml says what the API does, no more and no less."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import yaml

from bot.channels.machines.api import PATH, MachineApi
from bot.privacy.handoff import HandoffReason
from bot.privacy.statuses import Status
from bot.services.machine_events import MachineEvents, event_of, tell_of_message
from bot.services.records import Handoff
from bot.settings import ROOT
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import data_subject_request, machine, message
from tests.unit.channels.machines.conftest import HelpDesk

DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "docs/api/machines.openapi.yaml").read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]


def check(name: str, content: object) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(schema).validate(content)


def test_it_names_every_route_and_no_other() -> None:
    methods = ("get", "post")
    described = {(m.upper(), path) for path, known in DOCUMENT["paths"].items() for m in known if m in methods}
    routes = MachineApi.__new__(MachineApi).routes()
    assert described == {(m, f"{PATH}{route.path}") for route in routes for m in (route.methods or ()) if m != "HEAD"}


def test_it_names_every_reason_and_status() -> None:
    assert SCHEMAS["Handoff"]["properties"]["reason"]["enum"] == [reason.value for reason in HandoffReason]
    assert SCHEMAS["RequestStatus"]["enum"] == [status.value for status in Status]


def test_answers_have_the_shape_it_describes(
    desk: HelpDesk, waiting: Callable[..., Handoff], sqlite_store: SqlStore
) -> None:
    with sqlite_store.transaction() as tx:
        tx.requests.add(data_subject_request("r1"))
    case = waiting()
    check("Error", desk.post(f"handoffs/{case.id}/close").json())
    check("Handoff", desk.post(f"handoffs/{case.id}/claim").json())
    check("Message", desk.answer(case.id, "はい", staff_name="佐藤").json()["message"])
    check("Handoff", desk.get("handoffs").json()["handoffs"][0])
    check("Message", desk.get(f"handoffs/{case.id}/messages").json()["messages"][0])
    check("Request", desk.get("requests").json()["requests"][0])
    check("WholeRequest", desk.get("requests/r1").json())


def test_news_have_the_shape_it_describes(
    waiting: Callable[..., Handoff], sqlite_store: SqlStore, clock: FixedClock
) -> None:
    with sqlite_store.transaction() as tx:
        tx.machines.add(machine(), "1")
    waiting()
    MachineEvents(sqlite_store, clock).relay()
    with sqlite_store.transaction() as tx:
        thread, stored = tx.conversations.get("c1"), tx.conversations.add_message(message("m9"))
        assert thread
        assert stored
        tell_of_message(tx, thread, stored)
        told = [json.loads(one.text) for one in tx.outbox.find()]
    assert len(told) == 2
    for news in told:
        check("News", news)


@pytest.mark.parametrize("action", ["handoff.opened", "handoff.raised", "request.opened", "request.withdrawn"])
def test_every_event_is_named(action: str) -> None:
    assert event_of(action) in SCHEMAS["News"]["properties"]["event"]["enum"]
