"""Who acts, as audit records name them: a word, or a kind with the id of one of its kind."""

from __future__ import annotations

from collections.abc import Mapping

from bot.services.phrases import Phrasebook

OPERATOR = "operator"
"""Whoever runs `madoguchi` on the machine."""
_STAFF, _MACHINE = "staff:", "machine:"


def staff_actor(staff_id: str) -> str:
    """Name a member of staff."""
    return f"{_STAFF}{staff_id}"


def machine_actor(machine_id: str) -> str:
    """Name another help desk; cases name it so as their holder, too."""
    return f"{_MACHINE}{machine_id}"


def holder_actor(holder: str) -> str:
    """Name whoever holds a case: there a member of staff stands with the id alone."""
    return holder if machine_in(holder) else staff_actor(holder)


def staff_in(name: str) -> str:
    """The id of a member of staff, or nothing for whoever else it is."""
    return name.removeprefix(_STAFF) if name.startswith(_STAFF) else ""


def machine_in(name: str) -> str:
    """The id of another help desk, or nothing for whoever else it is."""
    return name.removeprefix(_MACHINE) if name.startswith(_MACHINE) else ""


def actor_words(phrases: Phrasebook, actor: str, names: Mapping[str, str]) -> str:
    """Say who acted; `names` are those of the staff who are still there."""
    if staff := staff_in(actor):
        return names.get(staff) or phrases.text("actor_gone")
    known = f"actor_{actor.partition(':')[0]}"
    return phrases.text(known) if known in phrases.names() else actor
