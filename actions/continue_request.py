"""Go on with a form that was left, or say that there is none."""

from __future__ import annotations

from actions.desk_action import DeskAction, Event, request_open, services
from bot.services.phrases import Reply
from bot.services.turns import Turn


class ContinueRequest(DeskAction):
    """Resume where the customer stopped."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_continue_request"

    def replies(self, turn: Turn) -> list[Reply]:
        """Go on with the form, or with what was offered."""
        return services().small_talk.go_on(turn)

    def events(self, turn: Turn) -> list[Event]:
        """Lead Rasa into the form if one is open."""
        return request_open(turn)
