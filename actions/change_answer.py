"""Change an answer of the open form."""

from __future__ import annotations

from actions.desk_action import DeskAction, services
from bot.services.phrases import Reply
from bot.services.turns import Turn


class ChangeAnswer(DeskAction):
    """Ask again what the customer wants to change."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_change_answer"

    def replies(self, turn: Turn) -> list[Reply]:
        """Find what to change."""
        return services().intake.change(turn)
