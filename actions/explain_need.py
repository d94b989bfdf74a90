"""Say why something is asked."""

from __future__ import annotations

from actions.desk_action import DeskAction, services
from bot.services.phrases import Reply
from bot.services.turns import Turn


class ExplainNeed(DeskAction):
    """Explain what the open question is for (APPI 21(2))."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_explain_need"

    def replies(self, turn: Turn) -> list[Reply]:
        """Explain."""
        return services().intake.why(turn)
