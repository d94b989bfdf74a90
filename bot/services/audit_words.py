"""What an audit record says, in words that staff read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.privacy.request_types import REQUEST_TYPES
from bot.services.actors import actor_words, staff_in
from bot.services.phrases import Phrasebook
from bot.services.records import AuditRecord

_VALUES: dict[str, Callable[[object], str]] = {
    "status": lambda value: f"standing_{value}",
    "outcome": lambda value: f"outcome_{value}",
    "role": lambda value: f"role_{value}",
    "reason": lambda value: f"reason_{value}",
    "identity": lambda value: f"identity_is_{value}",
    "ground": lambda value: f"ground_{value}",
    "kind": lambda value: f"sent_as_{value}",
    "seen": lambda value: f"seen_{value}",
    "doubt": lambda value: f"doubt_{value}",
}
"""The phrases that name the values of a field."""
_PEOPLE = ("assigned_to", "to")
"""Fields that hold the id of a member of staff."""
_TYPES = {kind.id: kind.label for kind in REQUEST_TYPES}


def people_in(record: AuditRecord) -> list[str]:
    """The ids of all staff whom a record names."""
    named = [staff_in(record.actor), staff_in(record.subject)]
    return named + [str(side.get(field) or "") for side in (record.before, record.after) for field in _PEOPLE]


class AuditWords:
    """Words for actions, subjects and changes; what has none stands as it was recorded."""

    def __init__(self, phrases: Phrasebook) -> None:
        self._phrases = phrases

    def action(self, action: str) -> str:
        """What was done."""
        return self._known(f"history_{action.replace('.', '_')}", action)

    def subject(self, subject: str, names: Mapping[str, str]) -> str:
        """With what, or with whom."""
        if staff_in(subject):
            return actor_words(self._phrases, subject, names)
        kind = subject.partition(":")[0]
        return self._known(f"subject_{kind}", kind)

    def changes(self, record: AuditRecord, names: Mapping[str, str]) -> list[str]:
        """Each thing that is another now, with both values."""
        before, after = _without_nothing(record.before), _without_nothing(record.after)
        changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        return [
            self._phrases.text(
                "audit_change",
                field=self._known(f"change_{name}", name),
                before=self._value(name, before.get(name), names),
                after=self._value(name, after.get(name), names),
            )
            for name in changed
        ]

    def _value(self, name: str, value: Any, names: Mapping[str, str]) -> str:
        if value is None:
            return self._phrases.text("audit_nothing")
        if isinstance(value, bool):
            return self._phrases.text("audit_yes" if value else "audit_no")
        if isinstance(value, Mapping):
            days = ((self._known(f"weekday_{day}", day), self._value("", one, names)) for day, one in value.items())
            return " ".join(f"{day}{hours}" for day, hours in days)
        if name in _PEOPLE:
            return names.get(str(value)) or self._phrases.text("actor_gone")
        if name == "type":
            return _TYPES.get(str(value), str(value))
        return self._known(_VALUES[name](value), str(value)) if name in _VALUES else str(value)

    def _known(self, name: str, otherwise: str) -> str:
        return self._phrases.text(name) if name in self._phrases.names() else otherwise


def _without_nothing(state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if value not in (None, "")}
