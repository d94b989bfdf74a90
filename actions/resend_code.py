"""Send the one-time code again."""

from __future__ import annotations

from actions.desk_action import DeskAction, services
from bot.services.phrases import Reply
from bot.services.turns import Turn


class ResendCode(DeskAction):
    """Send another code, or show the way without one."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_resend_code"

    def replies(self, turn: Turn) -> list[Reply]:
        """Send it, within the limits."""
        return services().intake.resend(turn)
