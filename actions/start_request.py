"""Begin a data subject request, its status or its withdrawal."""

from __future__ import annotations

from actions.desk_action import DeskAction, Event, request_open, services
from bot.privacy.request_types import procedure_of
from bot.services.phrases import Reply
from bot.services.turns import Turn


class StartRequest(DeskAction):
    """Open the form for what the customer wants."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_start_request"

    def replies(self, turn: Turn) -> list[Reply]:
        """Begin, with what was said already; what is asked besides is answered before the form's own question."""
        begun = services().intake.start(turn, procedure_of(turn.understanding.intent))
        return [*services().answers.answer(turn), *begun] if turn.understanding.questions else begun

    def events(self, turn: Turn) -> list[Event]:
        """Lead Rasa into the form if one is open."""
        return request_open(turn)
