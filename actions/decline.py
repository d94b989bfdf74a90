"""What the desk isn't for, or didn't understand."""

from __future__ import annotations

from actions.desk_action import DeskAction, services
from bot.services.phrases import Reply
from bot.services.turns import Turn


class Decline(DeskAction):
    """Decline kindly, say what the desk can do, and offer a person in time."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_decline"

    def replies(self, turn: Turn) -> list[Reply]:
        """Decline."""
        return services().small_talk.decline(turn)
