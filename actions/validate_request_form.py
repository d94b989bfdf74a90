"""The answers of the request form on their way to the service that owns it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.desk_action import say, services, turn_of

SLOT = "answer"


class ValidateRequestForm(FormValidationAction):
    """Hand each answer to the intake; the slot is empty again at once, so nothing personal stays in it."""

    def name(self) -> str:
        """Its name by Rasa's convention: validate_<form>."""
        return "validate_request_form"

    def domain_slots(self, domain: DomainDict) -> list[str]:
        """Give the form's slots in domain.yml, which isn't sent along; without them no form would ever end."""
        return [SLOT]

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[str]:
        """Ask for answers as long as the form is open in the database."""
        return [SLOT] if services().intake.is_open(turn_of(tracker).conversation) else []

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Take the message if it is an answer, even if the form was closed elsewhere meanwhile; empty the slot."""
        if tracker.slots_to_validate().get(SLOT) is None:
            return []
        say(dispatcher, services().small_talk.go_on(turn_of(tracker)))
        return [SlotSet(SLOT, None)]
