"""What is to be done next with a request, so that nobody has to know the way by heart."""

from __future__ import annotations

from bot.privacy.statuses import IdentityStatus, Status
from bot.services.request_files import RequestFile


def next_step(file: RequestFile, me: str) -> str:
    """Name the next step; its words are in the template of the file."""
    request = file.request
    if file.ended:
        return "ended"
    if file.proposed_by:
        return "wait" if file.proposed_by == me else "approve"
    if request.decision.get("sent_back_reason"):
        return "sent_back"
    if request.status is Status.OPEN:
        return "begin"
    if file.needs_proof and not request.verified:
        return "deny" if request.identity is IdentityStatus.REFUSED else "identity"
    return "tasks" if any(task.holds_up for task in file.tasks) else "decide"
