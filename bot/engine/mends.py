"""Mends of Rasa 3.6, applied at the engine's start; each names the upstream code and what it costs unmended.

`tests/unit/engine/test_mends.py` fails when upstream changes under them; `make bench` shows what they buy.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

import aiohttp
import rasa.core.actions.action
import rasa.core.processor
from jsonschema import Draft7Validator, ValidationError  # type: ignore[import-untyped]
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.engine.graph_runner import InOrderGraphRunner

KEEP_ALIVE_S = 3.0
"""How long an idle connection to the action server is kept: less than the 5 s after which sanic closes it."""

ACTION_WITHIN_S = 15
"""How long an action may take: less than the front waits for the engine, so that it hears of the failure."""


def apply() -> None:
    """Apply every mend; doing so twice changes nothing."""
    _let_the_tracker_store_fail()
    _validate_results_with_a_compiled_schema()
    _find_event_types_in_a_table()
    _run_the_graph_in_order()
    _keep_the_action_servers_connections()


def _let_the_tracker_store_fail() -> None:
    """Mend `rasa.core.agent.Agent._create_tracker_store`.

    It wraps every store in one that swallows what the store raises and goes on in memory: a "yes" would be lost with
    nobody told.
    """

    def as_it_is(store: TrackerStore, domain: Domain) -> TrackerStore:
        store.domain = domain
        return store

    Agent._create_tracker_store = staticmethod(as_it_is)


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
