"""Leave a form."""

from __future__ import annotations

from actions.desk_action import DeskAction, Event, request_open, services
from bot.services.phrases import Reply
from bot.services.turns import Turn


class CancelRequest(DeskAction):
    """Drop the open form."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_cancel_request"

    def replies(self, turn: Turn) -> list[Reply]:
        """Forget what was filled in."""
        return services().intake.cancel(turn)

    def events(self, turn: Turn) -> list[Event]:
        """Lead Rasa into the form if one is open."""
        return request_open(turn)
