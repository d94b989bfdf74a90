"""Another person's data."""

from __future__ import annotations

from actions.desk_action import DeskAction, Event, request_open, services
from bot.services.phrases import Reply
from bot.services.turns import Turn


class ExplainAgents(DeskAction):
    """Show the way of agents (APPI 37(3)); nothing is ever answered about another person."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_explain_agents"

    def replies(self, turn: Turn) -> list[Reply]:
        """Explain, and offer the agent's way."""
        return services().intake.agent_path(turn)

    def events(self, turn: Turn) -> list[Event]:
        """Lead Rasa into the form if the agent has begun one."""
        return request_open(turn)
