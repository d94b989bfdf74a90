import ast
import hashlib
import importlib
import importlib.util
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import rasa.core.actions.action
import rasa.core.processor
from jsonschema import ValidationError
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.engine.exceptions import GraphSchemaException
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig
from sanic.config import DEFAULT_CONFIG

from bot.engine import mends
from bot.errors import Unavailable

UPSTREAM = {
    "rasa.core.actions.action:RemoteAction._validate_action_result": "b6cd4cd8707c08a2",
    "rasa.core.actions.action:RemoteAction.action_response_format_spec": "181d4a1fa039ba79",
    "rasa.core.actions.action:RemoteAction.run": "ed27415fa478f75e",
    "rasa.core.actions.action:RemoteAction._action_call_format": "04238941b5eab509",
    "rasa.core.policies.rule_policy:RulePolicy._get_possible_keys": "7a85243f6463a2b9",
    "rasa.core.policies.rule_policy:RulePolicy._find_action_from_rules": "433f6a9d60848771",
    "rasa.core.policies.rule_policy:RulePolicy._predict": "8105877e3f3cc146",
    "rasa.shared.core.domain:Domain.is_empty": "3ad1263bc1d1f881",
    "rasa.core.agent:Agent._create_tracker_store": "3eeff045ed31e8a2",
    "rasa.core.processor:MessageProcessor._load_model": "2910746ea8147794",
    "rasa.core.processor:MessageProcessor._run_action": "9694ae7944e11902",
    "rasa.engine.storage.storage:ModelMetadata.from_dict": "1b6f25fe7bd9e346",
    "rasa.engine.runner.dask:DaskGraphRunner.run": "c454898e368785f5",
    "rasa.shared.core.events:Event.resolve_by_type": "729eef3a4e29ff40",
    "rasa.utils.endpoints:EndpointConfig.request": "7692239c9c8eb9f2",
    "rasa.utils.endpoints:EndpointConfig.session": "4e12413172ccc5dd",
}
"""What the mends replace or rely on, by the first digits of its source's SHA-256."""


@pytest.fixture(autouse=True)
def applied() -> None:
    mends.apply()
    mends.apply()


def source(place: str) -> str:
    """Give the text of a method as upstream ships it, whatever stands in its place now."""
    module, _, name = place.partition(":")
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text()
    owner, _, method = name.partition(".")
    [holder] = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == owner]
    [found] = [node for node in holder.body if getattr(node, "name", "") == method]
    return ast.unparse(found)


@pytest.mark.parametrize("place", UPSTREAM)
def test_upstream_is_as_it_was_when_it_was_mended(place: str) -> None:
    digest = hashlib.sha256(source(place).encode()).hexdigest()
    assert digest.startswith(UPSTREAM[place]), f"{place} has changed: look at its mend in bot/engine/mends.py"


def test_an_answer_of_the_action_server_is_still_checked() -> None:
    action = RemoteAction("action_reply", None)
    assert action._validate_action_result({"events": [{"event": "slot", "name": "a", "value": 1}], "responses": []})
    with pytest.raises(ValidationError):
        action._validate_action_result({"events": [{"name": "no event"}], "responses": []})
    with pytest.raises(ValidationError):
        action._validate_action_result({"events": [], "responses": "no list"})


def test_every_event_type_is_found_and_an_unknown_one_as_upstream_finds_it() -> None:
    named = {cls.type_name: cls for cls in all_subclasses(Event)}
    for name, cls in named.items():
        found = Event.resolve_by_type(name)
        assert found is not None
        assert found.type_name == cls.type_name
    assert Event.resolve_by_type("slot") is SlotSet
    assert Event.resolve_by_type("no such event", UserUttered) is UserUttered


class FailingStore(InMemoryTrackerStore):
    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        raise Unavailable("the database is gone")

    async def save(self, tracker: DialogueStateTracker) -> None:
        raise Unavailable("the database is gone")


async def test_what_the_tracker_store_raises_reaches_who_asked(domain: Domain) -> None:
    agent = Agent(domain=domain, tracker_store=FailingStore(domain))
    assert agent.tracker_store.domain is domain
    with pytest.raises(Unavailable):
        await agent.tracker_store.retrieve("c1")
    with pytest.raises(Unavailable):
        await agent.tracker_store.save(DialogueStateTracker("c1", domain.slots))


async def test_actions_share_a_session_that_survives_a_use() -> None:
    endpoint = EndpointConfig("http://127.0.0.1:1/webhook")
    async with endpoint.session() as first:
        pass
    async with endpoint.session() as second:
        assert second is first
        assert not first.closed
    await first.close()
    async with endpoint.session() as third:
        assert not third.closed
    await third.close()


async def test_an_idle_connection_is_given_up_before_sanic_closes_it() -> None:
    async with EndpointConfig("http://127.0.0.1:1/webhook").session() as session:
        assert isinstance(session.connector, aiohttp.TCPConnector)
        assert session.connector._keepalive_timeout < DEFAULT_CONFIG["KEEP_ALIVE_TIMEOUT"]
        await session.close()


def test_an_action_that_hangs_is_given_up() -> None:
    assert rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT == mends.ACTION_WITHIN_S


def test_an_action_is_told_of_this_turn_alone(domain: Domain) -> None:
    # Given a form in which the customer has said something before
    tracker = DialogueStateTracker("c1", domain.slots)
    tracker.update(UserUttered("データを見せて", {"name": "request_disclosure"}), domain)
    tracker.update_with_events([ActionExecuted("request_form"), ActiveLoop("request_form")], domain)
    tracker.update(SlotSet("requested_slot", "answer"), domain)
    tracker.update(UserUttered("山田太郎", {"name": "inform"}, parse_data={"text": "山田太郎"}), domain)
    tracker.update(SlotSet("answer", "山田太郎"), domain)
    # When an action is called
    call = RemoteAction("validate_request_form", EndpointConfig("http://127.0.0.1:1/"))._action_call_format(
        tracker, domain
    )
    # Then it hears of the state and of what was extracted, not of what was said before
    told = call["tracker"]
    assert [event["event"] for event in told["events"]] == ["slot"]
    assert told["latest_message"]["text"] == "山田太郎"
    assert told["slots"] == tracker.current_slot_values()
    assert told["active_loop"]["name"] == "request_form"
    assert told["latest_action_name"] == "request_form"
    # And the tracker itself is as before
    assert len(tracker.events) == 6


def test_rules_are_remembered_by_state_and_found_as_upstream_finds_them(
    rule_policy: RulePolicy, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def predicted(intent: str) -> list[float]:
        tracker = DialogueStateTracker("c1", domain.slots)
        tracker.update(ActionExecuted("action_listen"))
        tracker.update(UserUttered(f"said for {intent}", {"name": intent, "confidence": 1.0}), domain)
        probabilities: list[float] = rule_policy.predict_action_probabilities(tracker, domain).probabilities
        return probabilities

    first = {intent: predicted(intent) for intent in domain.intents}
    compared: list[str] = []
    monkeypatch.setattr(RulePolicy, "_is_rule_applicable", lambda *args: compared.append(args[1]))
    assert {intent: predicted(intent) for intent in domain.intents} == first
    assert compared == []
    named = {domain.action_names_or_texts[found.index(1.0)] for found in first.values() if 1.0 in found}
    assert {"action_answer_policy", "action_start_request", "action_reply", "action_hand_off"} <= named


def test_a_model_is_loaded_without_what_it_was_only_trained_with(domain: Domain) -> None:
    node = {"needs": {}, "constructor_name": "load", "fn": "run", "config": {}, "eager": True}
    unknown = {"nodes": {"trainer": {**node, "uses": "no.such.Trainer"}}}
    metadata = {
        "trained_at": "2026-06-02T10:00:00",
        "rasa_open_source_version": "3.6.21",
        "model_id": "m1",
        "domain": domain.as_dict(),
        "train_schema": unknown,
        "predict_schema": {"nodes": {}},
        "training_type": 2,
        "project_fingerprint": "f",
        "core_target": "c",
        "nlu_target": "n",
        "language": "ja",
    }
    assert ModelMetadata.from_dict(metadata).core_target == "c"
    # What predicts must be there
    with pytest.raises(GraphSchemaException):
        ModelMetadata.from_dict({**metadata, "predict_schema": unknown})


@pytest.mark.parametrize("name", ["core.processor", "core.policies.rule_policy", "core.actions.forms"])
def test_rasa_copies_deeply_for_debug_lines_alone_where_it_no_longer_does(name: str) -> None:
    module: Any = importlib.import_module(f"rasa.{name}")
    thing = [object()]
    assert module.copy.deepcopy(thing) is thing
    tree = ast.parse(Path(module.__file__).read_text())
    logged = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "structlogger.debug"
    ]
    in_logs = sum(ast.unparse(node).count("copy.") for node in logged)
    assert in_logs == ast.unparse(tree).count("copy.")


def test_an_empty_domain_is_known(domain: Domain) -> None:
    assert Domain.empty().is_empty()
    assert not domain.is_empty()


def test_the_graph_is_run_without_dask() -> None:
    loaded: Any = rasa.core.processor
    assert loaded.DaskGraphRunner is mends.InOrderGraphRunner


class FailingAction:
    """An action whose service fails, or that rejects to run."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def name(self) -> str:
        return "action_answer_policy"

    async def run(self, *given: Any) -> list[Event]:
        raise self.error

    def event_for_successful_execution(self, prediction: Any) -> Event:
        return ActionExecuted(self.name())


async def run_action(action: FailingAction) -> bool:
    processor: Any = object.__new__(MessageProcessor)
    processor.domain, processor.max_number_of_predictions = Domain.empty(), 10
    tracker = DialogueStateTracker.from_events("c1", [UserUttered("はい")])
    nothing: Any = None
    # As upstream calls it at the start of a session.
    return await processor._run_action(
        action=action, tracker=tracker, output_channel=nothing, nlg=nothing, prediction=PolicyPrediction([], None)
    )


async def test_an_action_that_fails_is_not_followed_by_another() -> None:
    with pytest.raises(Unavailable, match="action_answer_policy failed"):
        await run_action(FailingAction(RuntimeError("the database is gone")))


async def test_an_action_that_rejects_to_run_leaves_it_to_others() -> None:
    assert await run_action(FailingAction(ActionExecutionRejection("action_answer_policy")))
