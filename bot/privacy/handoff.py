"""Why a conversation goes to staff, and which is answered first."""

from __future__ import annotations

from enum import Enum


class HandoffReason(str, Enum):
    """Why a person must take over."""

    LEAK = "leak"
    COMPLAINT = "complaint"
    ASKED = "asked"
    NOT_UNDERSTOOD = "not_understood"
    ENGINE_DOWN = "engine_down"
    STAFF = "staff"


PRIORITY: dict[HandoffReason, int] = {
    HandoffReason.LEAK: 0,  # A leak starts the 3-5 days of APPI 26 for the preliminary report.
    HandoffReason.COMPLAINT: 1,
    HandoffReason.ASKED: 2,
    HandoffReason.ENGINE_DOWN: 2,
    HandoffReason.NOT_UNDERSTOOD: 3,
    HandoffReason.STAFF: 3,  # Staff took it by themselves: nobody waits.
}
"""Smaller is sooner; equal ones are answered in the order of waiting."""
