"""Give the conversation to a person."""

from __future__ import annotations

from actions.desk_action import DeskAction, services
from bot.services.phrases import Reply
from bot.services.turns import Turn


class HandOff(DeskAction):
    """Open a case for staff."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_hand_off"

    def replies(self, turn: Turn) -> list[Reply]:
        """Open the case."""
        return services().small_talk.hand_off(turn)
