"""The grounds on which the Act lets a company refuse; staff choose one, the bot never does."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import MadoguchiError
from bot.privacy.request_types import REQUEST_TYPES, Level


class UnknownGround(MadoguchiError):
    """The Act has no such ground for that type of request."""

    phrase = "refused_ground"


@dataclass(frozen=True)
class RefusalGround:
    """One ground; its words are the phrase `ground_<id>`, shown with the article.

    `article` is the APPI's number; the wording was not checked against the published text and staff read it there.
    """

    id: str
    article: str
    types: tuple[str, ...]


IDENTITY_NOT_CONFIRMED = "identity_not_confirmed"
_DISCLOSURES = ("disclosure", "provision_records")
_STOPS = ("erasure", "stop_use", "stop_provision")
# No ground lets a company go on after a refusal of marketing (特定電子メール法3条3項).
_IDENTIFIED = tuple(kind.id for kind in REQUEST_TYPES if kind.level is not Level.NAMED_CONTACT)

REFUSAL_GROUNDS: tuple[RefusalGround, ...] = (
    RefusalGround("purpose_already_clear", "32条2項1号", ("purpose_notification",)),
    RefusalGround("purpose_exempt", "32条2項2号・21条4項", ("purpose_notification",)),
    RefusalGround("harm_to_rights", "33条2項1号", _DISCLOSURES),
    RefusalGround("hinders_business", "33条2項2号", _DISCLOSURES),
    RefusalGround("breaks_other_law", "33条2項3号", _DISCLOSURES),
    RefusalGround("no_such_data", "33条3項", _DISCLOSURES),
    RefusalGround("not_needed_for_purpose", "34条2項", ("correction",)),
    RefusalGround("content_correct", "34条2項", ("correction",)),
    RefusalGround("other_law_procedure", "34条2項", ("correction",)),
    RefusalGround("no_ground_found", "35条2項・4項・6項", _STOPS),
    RefusalGround("great_cost_other_measure", "35条2項・4項・6項", _STOPS),
    RefusalGround(IDENTITY_NOT_CONFIRMED, "37条1項", _IDENTIFIED),
)

_BY_ID = {ground.id: ground for ground in REFUSAL_GROUNDS}


def grounds_for(type_id: str) -> tuple[RefusalGround, ...]:
    """List the grounds that fit a type of request."""
    return tuple(ground for ground in REFUSAL_GROUNDS if type_id in ground.types)


def refusal_ground(ground_id: str, type_id: str) -> RefusalGround:
    """Find a ground; raise UnknownGround unless it fits the type of request."""
    ground = _BY_ID.get(ground_id)
    if ground is None or type_id not in ground.types:
        fitting = ", ".join(item.id for item in grounds_for(type_id))
        raise UnknownGround(f"{ground_id!r} is no ground to refuse {type_id}; there are {fitting}")
    return ground
