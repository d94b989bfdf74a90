"""How cases are named on the pages: reasons, channels, what the bot understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from bot.console.overview_charts import topic_label
from bot.privacy.handoff import HandoffReason
from bot.privacy.request_types import REQUEST_TYPES, request_type
from bot.services.casework.case_file import CaseFile
from bot.services.casework.queue import CASES, Row
from bot.services.casework.worker import Worker
from bot.services.phrases import Phrasebook

_WISHES = ("ask_policy", "ask_handoff", "ask_request_status", "request_", "withdraw_", "complain", "report_leak")
CHANNELS = {"web": "ウェブ", "line": "LINE", "rest": "試験用"}


class CaseWords:
    """Names for what the store knows by id; templates have it as `words`."""

    def __init__(self, phrases: Phrasebook) -> None:
        self._phrases = phrases

    def reason(self, reason: HandoffReason) -> str:
        """Why a person must take over."""
        return self._phrases.text(f"reason_{reason.value}")

    def what(self, row: Row) -> str:
        """What a row of the queue is about."""
        return self.reason(HandoffReason(row.what)) if row.kind == CASES else request_type(row.what).label

    def topics(self, row: Row) -> str:
        """What a case's customer asked about last."""
        return "、".join(topic_label(topic) for topic in row.topics)

    def channel(self, channel: str) -> str:
        """Where the customer is."""
        return CHANNELS.get(channel, channel)

    def understood(self, understood: Mapping[str, Any]) -> str:
        """What the bot took a message for, and how sure it was."""
        topics = "、".join(topic_label(str(topic)) for topic in understood.get("topics", ()))
        intent = self._phrases.text(f"intent_{understood['intent']}")
        named = f"{intent}（{topics}）" if topics else intent
        return f"{named} {round(100 * float(understood['confidence']))}%"

    def asked(self, file: CaseFile) -> list[str]:
        """What the customer wanted so far, each thing once; greetings and the like are left out."""
        wanted = (one for one in file.understood.values() if str(one["intent"]).startswith(_WISHES))
        return list(dict.fromkeys(self.understood(one).rpartition(" ")[0] for one in wanted))

    def masked(self, kind: str) -> str:
        """What was blacked out of a message."""
        return self._phrases.text(f"blacked_out_{kind}")

    def kinds(self) -> list[tuple[str, str]]:
        """Everything that a row may be about."""
        reasons = [(reason.value, self.reason(reason)) for reason in HandoffReason]
        return [*reasons, *((kind.id, kind.label) for kind in REQUEST_TYPES)]


def worker_of(request: Request) -> Worker:
    """Who works, by the session and the company of the address."""
    staff, membership = request.state.staff, request.state.membership
    return Worker(staff.id, staff.name, membership.company, membership.store)
