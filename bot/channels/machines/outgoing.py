"""What a machine is told of a case, a message and a request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.services.actors import machine_actor, machine_in
from bot.services.machine_desk import OpenCase
from bot.services.records import DataSubjectRequest, Machine, Message


def case_json(machine: Machine, open_case: OpenCase) -> dict[str, Any]:
    """Describe a case; whose it is, is told as far as the machine needs it."""
    case = open_case.case
    return {
        "id": case.id,
        "conversation": case.conversation,
        "channel": open_case.thread.channel,
        "reason": case.reason.value,
        "status": case.status,
        "priority": case.priority,
        "waiting_since": _moment(case.waiting_since),
        "held_by": _holder(machine, case.claimed_by),
    }


def message_json(message: Message) -> dict[str, Any]:
    """Describe a message."""
    described = {
        "seq": message.seq,
        "author": message.author,
        "text": message.text,
        "at": _moment(message.created_at),
    }
    name = message.body.get("staff_name")
    return {**described, "staff_name": name} if name else described


def request_json(request: DataSubjectRequest) -> dict[str, Any]:
    """Describe a request without anything personal."""
    return {
        "id": request.id,
        "receipt": request.receipt,
        "type": request.type,
        "status": request.status.value,
        "verified": request.verified,
        "due_date": request.due_date.isoformat(),
        "channel": request.channel,
        "created": _moment(request.created_at),
    }


def whole_request_json(request: DataSubjectRequest) -> dict[str, Any]:
    """Describe a request with what was asked for and what the person said of themselves."""
    return {**request_json(request), "details": _texts(request.details), "claimant": _texts(request.claimant)}


def _holder(machine: Machine, holder: str | None) -> str | None:
    if holder is None:
        return None
    if holder == machine_actor(machine.id):
        return "you"
    return "machine" if machine_in(holder) else "staff"


def _texts(values: Mapping[str, str]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
