"""Ask the open question of the form again after a digression."""

from __future__ import annotations

from actions.desk_action import DeskAction, services
from bot.services.phrases import Reply
from bot.services.turns import Turn


class AskRequestFormAnswer(DeskAction):
    """Say the open question, unless this very message was about it and its reply held the question."""

    def name(self) -> str:
        """Its name by Rasa's convention: action_ask_<form>_<slot>."""
        return "action_ask_request_form_answer"

    def replies(self, turn: Turn) -> list[Reply]:
        """Ask, or stay silent."""
        return services().intake.question(turn)
