"""The documents by which staff verify a person by hand: which kind was seen is noted, never the document itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.errors import MadoguchiError


class Seen(str, Enum):
    """How staff saw a document."""

    AT_COUNTER = "at_counter"
    COPY = "copy"  # Sent, looked at, and destroyed or sent back.


class DocumentRefused(MadoguchiError):
    """That document may not be asked for in that way."""

    phrase = "refused_document"


class UnknownDocument(MadoguchiError):
    """No document has that name."""

    phrase = "refused_no_document"


@dataclass(frozen=True)
class IdentityDocument:
    """A kind of document; its words are the phrase `document_<id>`."""

    id: str
    as_copy: bool = True


IDENTITY_DOCUMENTS: tuple[IdentityDocument, ...] = (
    IdentityDocument("drivers_licence"),
    IdentityDocument("driving_record"),
    IdentityDocument("passport"),
    IdentityDocument("residence_card"),
    IdentityDocument("residence_certificate"),
    IdentityDocument("family_register"),
    IdentityDocument("power_of_attorney"),
    # 番号利用法 20条 forbids collecting a My Number: a copy brings it along, the face seen at the counter does not.
    IdentityDocument("my_number_card", as_copy=False),
)

_BY_ID = {document.id: document for document in IDENTITY_DOCUMENTS}


def check_document(document_id: str, seen: Seen) -> IdentityDocument:
    """Find a document; raise UnknownDocument, or DocumentRefused where the law forbids that way of seeing it."""
    document = _BY_ID.get(document_id)
    if document is None:
        raise UnknownDocument(f"no identity document {document_id!r}; there are {', '.join(_BY_ID)}")
    if seen is Seen.COPY and not document.as_copy:
        raise DocumentRefused(f"a copy of {document_id} would bring a My Number along: look at its face at the counter")
    return document
