"""Mends of Rasa 3.6, applied at the engine's start; each names the upstream code and what it costs unmended.

`tests/unit/engine/test_mends.py` fails when upstream changes under them; `make bench` shows what they buy.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft7Validator, ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses


def apply() -> None:
    """Apply every mend; doing so twice changes nothing."""
    _validate_results_with_a_compiled_schema()
    _find_event_types_in_a_table()


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
