"""The kinds of data subject request: one entry each says all that differs between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from bot.errors import MadoguchiError


class Level(IntEnum):
    """How surely the desk must know who asks, before staff act."""

    NAMED_CONTACT = 1  # An address or number that the customer names is enough.
    CODE = 2  # A one-time code to a contact on file.
    CODE_AND_FACT = 3  # The code and a second fact on file (plate or birth date).


class Field(str, Enum):
    """What a request form asks; `bot/services/intake/fields.py` says how each is read."""

    MEANS = "means"
    STOP_PHONE = "stop_phone"
    STOP_EMAIL = "stop_email"
    STOP_POST = "stop_post"
    STOP_LINE = "stop_line"
    STOP_ANY = "stop_any"
    KEEP_INSPECTION = "keep_inspection"
    SCOPE = "scope"
    FORM = "form"
    ITEM = "item"
    OLD_VALUE = "old_value"
    NEW_VALUE = "new_value"
    REASON = "reason"
    RECIPIENT = "recipient"
    RECEIPT = "receipt"
    KIND = "kind"
    RELATION = "relation"
    PRINCIPAL = "principal"
    NAME = "name"
    CONTACT = "contact"
    CODE = "code"
    FACT = "fact"


STOP_FIELDS = (Field.STOP_PHONE, Field.STOP_EMAIL, Field.STOP_POST, Field.STOP_LINE, Field.STOP_ANY)
"""The addresses and numbers of a stop of marketing: which of them are asked depends on the means."""


class UnknownRequestType(MadoguchiError):
    """No request type has that name."""


@dataclass(frozen=True)
class RequestType:
    """A kind of data subject request under the Act on the Protection of Personal Information (APPI).

    `article` is the APPI's number after the 2022 amendments, `fee_article` the one that allows a fee.
    """

    id: str
    label: str
    article: str
    fields: tuple[Field, ...]
    level: Level
    fee_article: str | None = None
    due_days: int | None = None  # None: as many as the company promises.
    four_eyes: bool = False
    held_by_new_contact: bool = False  # A contact changed lately may be an intruder's: nothing goes out to it yet.

    @property
    def intent(self) -> str:
        """The intent of a customer who wants it."""
        return f"request_{self.id}"


REQUEST_TYPES: tuple[RequestType, ...] = (
    RequestType(
        id="disclosure",
        label="開示",
        article="33条1項",
        fields=(Field.SCOPE, Field.FORM),
        level=Level.CODE_AND_FACT,
        fee_article="38条",
        four_eyes=True,
        held_by_new_contact=True,
    ),
    RequestType(
        id="provision_records",
        label="第三者提供記録の開示",
        article="33条5項",
        fields=(Field.FORM,),
        level=Level.CODE,
        fee_article="38条",
        held_by_new_contact=True,
    ),
    RequestType(
        id="purpose_notification",
        label="利用目的の通知",
        article="32条2項",
        fields=(Field.SCOPE,),
        level=Level.CODE,
        fee_article="38条",
    ),
    RequestType(
        id="correction",
        label="訂正・追加・削除",
        article="34条",
        fields=(Field.ITEM, Field.OLD_VALUE, Field.NEW_VALUE),
        level=Level.CODE,
    ),
    RequestType(
        id="erasure",
        label="消去",
        article="35条",
        fields=(Field.SCOPE, Field.REASON),
        level=Level.CODE_AND_FACT,
        four_eyes=True,
        held_by_new_contact=True,
    ),
    RequestType(
        id="stop_use",
        label="利用停止",
        article="35条",
        fields=(Field.SCOPE, Field.REASON),
        level=Level.CODE,
    ),
    RequestType(
        id="stop_provision",
        label="第三者提供の停止",
        article="35条",
        fields=(Field.RECIPIENT, Field.REASON),
        level=Level.CODE,
    ),
    RequestType(
        id="stop_marketing",
        label="案内の停止",
        article="特定電子メール法3条3項・個人情報保護法35条5項",
        fields=(Field.MEANS, *STOP_FIELDS, Field.KEEP_INSPECTION),
        level=Level.NAMED_CONTACT,
    ),
)

_BY_ID = {kind.id: kind for kind in REQUEST_TYPES}


def request_type(type_id: str) -> RequestType:
    """Find a request type; raise UnknownRequestType for an id that isn't in the table."""
    try:
        return _BY_ID[type_id]
    except KeyError as error:
        raise UnknownRequestType(f"no request type {type_id!r}; there are {', '.join(_BY_ID)}") from error


STATUS = "status"
WITHDRAWAL = "withdrawal"
AGENT = "agent"
EXTEND_STOP = "extend_stop"
"""Procedures that are no request type: how a request stands, taking one back, asking as somebody's agent, and having a
stop of marketing extended to all contacts of the person."""

_PROCEDURES = {kind.intent: kind.id for kind in REQUEST_TYPES} | {
    "ask_request_status": STATUS,
    "withdraw_request": WITHDRAWAL,
}


def begins_procedure(intent: str) -> bool:
    """Tell whether an intent begins a procedure."""
    return intent in _PROCEDURES


def procedure_of(intent: str) -> str:
    """What a customer with that intent wants done: a request type's id, STATUS or WITHDRAWAL."""
    try:
        return _PROCEDURES[intent]
    except KeyError as error:
        raise UnknownRequestType(f"the intent {intent!r} begins no request") from error
