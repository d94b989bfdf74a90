"""Mends of Rasa 3.6, applied at the engine's start; each names the upstream code and what it costs unmended.

`tests/unit/engine/test_mends.py` fails when upstream changes under them; `make bench` shows what they buy.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace, TracebackType
from typing import Any

import aiohttp
import rasa.core.actions.action
import rasa.core.actions.forms
import rasa.core.policies.rule_policy
import rasa.core.processor
from jsonschema import Draft7Validator, ValidationError  # type: ignore[import-untyped]
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.engine.graph_runner import InOrderGraphRunner
from bot.engine.tracker_store import since_last_message
from bot.errors import Unavailable

KEEP_ALIVE_S = 3.0
"""How long an idle connection to the action server is kept: less than the 5 s after which sanic closes it."""

KNOWN_STATES = 4000
"""For how many states of a dialogue it is remembered which rules apply; there are some hundreds."""

ACTION_WITHIN_S = 15
"""How long an action may take: less than the front waits for the engine, so that it hears of the failure."""


@cache
def apply() -> None:
    """Apply every mend, once in a process."""
    _let_the_tracker_store_fail()
    _let_an_action_fail()
    _validate_results_with_a_compiled_schema()
    _find_event_types_in_a_table()
    _run_the_graph_in_order()
    _load_what_predicts_alone()
    _keep_the_action_servers_connections()
    _tell_actions_of_this_turn_alone()
    _remember_which_rules_apply()
    _make_the_empty_domain_once()
    _copy_nothing_for_logs_that_nobody_writes()


def _let_the_tracker_store_fail() -> None:
    """Mend `rasa.core.agent.Agent._create_tracker_store`.

    It wraps every store in one that swallows what the store raises and goes on in memory: a "yes" would be lost with
    nobody told.
    """

    def as_it_is(store: TrackerStore, domain: Domain) -> TrackerStore:
        store.domain = domain
        return store

    Agent._create_tracker_store = staticmethod(as_it_is)


class _Watched:
    """An action whose error, which Rasa keeps to itself, is remembered."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.error: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._action, name)

    async def run(self, *given: Any, **named: Any) -> Any:
        try:
            return await self._action.run(*given, **named)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            self.error = error
            raise


def _let_an_action_fail() -> None:
    """Mend `rasa.core.processor.MessageProcessor._run_action`.

    It logs what an action raises and goes on to predict, so that a customer whose request could not be stored would be
    told up to ten times that nothing was understood. The front has an honest answer for it, and keeps the message.
    """
    upstream = MessageProcessor._run_action

    async def run_action(self: MessageProcessor, action: Action, *given: Any, **named: Any) -> bool:
        watched = _Watched(action)
        goes_on = await upstream(self, watched, *given, **named)
        if watched.error is not None:
            raise Unavailable(f"{action.name()} failed") from watched.error
        return bool(goes_on)

    MessageProcessor._run_action = run_action


def _validate_results_with_a_compiled_schema() -> None:
    """Mend `rasa.core.actions.action.RemoteAction._validate_action_result`.

    `jsonschema.validate` checks the schema itself against its metaschema at every call: some 40 ms a custom action,
    four fifths of a message. The check of the answer stays.
    """
    validator = Draft7Validator(RemoteAction.action_response_format_spec())

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        error = next(validator.iter_errors(result), None)
        if error is not None:
            raise ValidationError(f"the action server's answer isn't as Rasa wants it: {error.message}")
        return True

    RemoteAction._validate_action_result = validate


def _find_event_types_in_a_table() -> None:
    """Mend `rasa.shared.core.events.Event.resolve_by_type`.

    It walks all subclasses anew for each event of each tracker that is read.
    """
    table = {cls.type_name: cls for cls in reversed(all_subclasses(Event))}
    upstream = Event.resolve_by_type

    def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        return table.get(type_name) or upstream(type_name, default)

    Event.resolve_by_type = staticmethod(resolve_by_type)


def _run_the_graph_in_order() -> None:
    """Mend `rasa.core.processor.MessageProcessor._load_model`, which names dask's runner.

    Scheduling half a dozen function calls three times a message costs as much as understanding the message.
    """
    rasa.core.processor.DaskGraphRunner = InOrderGraphRunner


def _load_what_predicts_alone() -> None:
    """Mend `rasa.engine.storage.storage.ModelMetadata.from_dict`.

    It imports each component that the model was trained with as well, and so all of Rasa's own ones and TensorFlow.
    """
    upstream = ModelMetadata.from_dict

    def from_dict(serialised: dict[str, Any]) -> ModelMetadata:
        return upstream({**serialised, "train_schema": {"nodes": {}}})

    ModelMetadata.from_dict = staticmethod(from_dict)


class _KeptSession:
    """Gives the same client session at each `async with`, and leaves it open."""

    def __init__(self, open_session: Any) -> None:
        self._open = open_session
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = self._open()
        return self._session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


def _keep_the_action_servers_connections() -> None:
    """Mend `rasa.utils.endpoints.EndpointConfig.session` and the five minutes that `RemoteAction.run` waits.

    It opens a client session, and with it a connection, for every action.
    """

    def open_session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE_S),
            timeout=aiohttp.ClientTimeout(total=ACTION_WITHIN_S),
        )

    rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT = ACTION_WITHIN_S

    kept = _KeptSession(open_session)
    EndpointConfig.session = lambda self: kept


def _tell_actions_of_this_turn_alone() -> None:
    """Mend `rasa.core.actions.action.RemoteAction._action_call_format`.

    It sends all events of the conversation with each action. Ours need the latest message, the slots, the open form,
    and what a form extracted from the latest message.
    """
    upstream = RemoteAction._action_call_format

    def call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        turn = tracker.init_copy()
        turn.slots, turn.active_loop, turn.latest_message = tracker.slots, tracker.active_loop, tracker.latest_message
        turn.latest_action = tracker.latest_action
        turn.events.extend(since_last_message(tracker)[1:])
        return upstream(self, turn, domain)

    RemoteAction._action_call_format = call_format


def _remember_which_rules_apply() -> None:
    """Mend `rasa.core.policies.rule_policy.RulePolicy._get_possible_keys` and `._find_action_from_rules`.

    Each state of the dialogue is compared with every rule, four times a message, though the same few states come again
    and again; and once more by the message's text, though no rule of ours names a text.
    """
    upstream_keys, upstream_action = RulePolicy._get_possible_keys, RulePolicy._find_action_from_rules
    known: dict[Any, tuple[dict[str, str], frozenset[str]]] = {}
    by_text: dict[int, tuple[dict[str, str], bool]] = {}

    def names_a_text(rules: dict[str, str]) -> bool:
        if id(rules) not in by_text:
            by_text[id(rules)] = (rules, any('"text"' in rule for rule in rules))
        return by_text[id(rules)][1]

    def get_possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[dict[str, Any]]) -> set[str]:
        frozen = tuple(tuple((kind, tuple(part.items())) for kind, part in state.items()) for state in states)
        # The rules are kept with what is known of them, lest others come to stand at their address.
        key = (id(lookup), len(lookup), frozen)
        if key not in known:
            if len(known) >= KNOWN_STATES:
                known.clear()
            known[key] = (lookup, frozenset(upstream_keys(self, lookup, states)))
        return set(known[key][1])

    def find_action(
        self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and not names_a_text(self.lookup[RULES]):
            return None, None, False
        return upstream_action(self, tracker, domain, use_text_for_last_user_input)

    RulePolicy._get_possible_keys = get_possible_keys
    RulePolicy._find_action_from_rules = find_action


def _make_the_empty_domain_once() -> None:
    """Mend `rasa.shared.core.domain.Domain.is_empty`, which makes one anew at every message to compare with."""
    empty = Domain.empty().as_dict()
    Domain.is_empty = lambda self: self.as_dict() == empty


def _copy_nothing_for_logs_that_nobody_writes() -> None:
    """Mend the debug logging of `rasa.core.processor`, `.policies.rule_policy` and `.actions.forms`.

    It copies events and states deeply for every line, though debug lines, which quote customers, are never written.
    """
    for module in (rasa.core.processor, rasa.core.policies.rule_policy, rasa.core.actions.forms):
        module.copy = SimpleNamespace(deepcopy=lambda thing: thing)
