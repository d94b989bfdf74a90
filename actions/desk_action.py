"""What all actions of the desk share: the turn that Rasa's tracker tells of, and the replies said through Rasa."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.bootstrap import Services, build_warm_services
from bot.services.phrases import Reply
from bot.services.turns import Turn
from bot.settings import load_settings
from bot.understanding.result import Understanding

Event = dict[str, Any]


@lru_cache(maxsize=1)
def services() -> Services:
    """The services of this process, built once."""
    return build_warm_services(load_settings())


def turn_of(tracker: Tracker) -> Turn:
    """Read the turn from the tracker's latest message, whose metadata the engine's channel filled in."""
    message = tracker.latest_message
    metadata = message["metadata"]
    return Turn(
        conversation=metadata["conversation"],
        company=services().companies.get(metadata["company"]),
        channel=metadata["channel"],
        event=metadata["message_id"],
        text=message["text"],
        understanding=Understanding.from_dict(message["understanding"]),
    )


def say(dispatcher: CollectingDispatcher, replies: Sequence[Reply]) -> None:
    """Hand replies to Rasa, each as one utterance."""
    for reply in replies:
        buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
        dispatcher.utter_message(text=reply.text, buttons=buttons, json_message=dict(reply.body) or None)


class DeskAction(Action, ABC):
    """An action that asks one service for its replies."""

    @abstractmethod
    def replies(self, turn: Turn) -> list[Reply]:
        """Do the work of the turn and give what to say."""

    def events(self, turn: Turn) -> list[Event]:
        """Give what Rasa should remember; most actions leave nothing."""
        return []

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Run as Rasa wants it run."""
        turn = turn_of(tracker)
        say(dispatcher, self.replies(turn))
        return self.events(turn)


def request_open(turn: Turn) -> list[Event]:
    """Tell Rasa whether a request form is open, which leads it into the form or past it."""
    is_open = services().intake.is_open(turn.conversation)
    return [{"event": "slot", "name": "request_open", "value": is_open, "timestamp": None}]
