"""The answers of the request form on their way to the service that owns it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.desk_action import say, services, turn_of

SLOT = "answer"


class ValidateRequestForm(FormValidationAction):
    """Hand each answer to the intake; the slot is empty again at once, so nothing personal stays in it."""

    def name(self) -> str:
        """Its name by Rasa's convention: validate_<form>."""
        return "validate_request_form"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[str]:
        """Ask for answers as long as the form is open in the database."""
        return [SLOT] if services().intake.is_open(turn_of(tracker).conversation) else []

    def validate_answer(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Take one answer; one that was taken already, before a crash, gets the same words again."""
        if value is not None:
            turn, intake = turn_of(tracker), services().intake
            said = intake.said(turn)
            say(dispatcher, intake.answer(turn) if said is None else said)
        return {SLOT: None}
