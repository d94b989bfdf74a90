"""Small talk."""

from __future__ import annotations

from actions.desk_action import DeskAction, services
from bot.services.phrases import Reply
from bot.services.turns import Turn


class Replying(DeskAction):
    """Say what a polite person would."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_reply"

    def replies(self, turn: Turn) -> list[Reply]:
        """Reply to the intent."""
        return services().small_talk.reply(turn)
