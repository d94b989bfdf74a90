"""Answer questions about the company's policy."""

from __future__ import annotations

from actions.desk_action import DeskAction, services
from bot.services.phrases import Reply
from bot.services.turns import Turn


class AnswerPolicy(DeskAction):
    """Quote the clauses that answer; a customer's own number is no question about the company's."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_answer_policy"

    def replies(self, turn: Turn) -> list[Reply]:
        """Ask the policy."""
        return services().intake.bare_contact(turn) or services().answers.answer(turn)
