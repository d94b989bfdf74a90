"""The services that actions call, as fakes that note what they were asked."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions import desk_action, validate_request_form
from bot.services.phrases import Button, Reply
from bot.services.turns import Turn
from bot.understanding.result import Understanding

REPLY = Reply("どうぞ", (Button("はい", "はいと言う"),), {"topics": ["recall"]})


class Noting:
    """A service that notes each call and gives the same reply."""

    def __init__(self, name: str, calls: list[tuple[str, tuple[Any, ...]]]) -> None:
        self._name = name
        self._calls = calls
        self.open = False

    def __getattr__(self, method: str) -> Callable[..., list[Reply]]:
        def called(*arguments: Any) -> list[Reply]:
            self._calls.append((f"{self._name}.{method}", arguments))
            return [REPLY]

        return called

    def is_open(self, conversation: str) -> bool:
        return self.open

    def bare_contact(self, turn: Turn) -> list[Reply] | None:
        return None


class Desk:
    """All services together."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.intake = Noting("intake", self.calls)
        self.answers = Noting("answers", self.calls)
        self.small_talk = Noting("small_talk", self.calls)
        self.companies = SimpleNamespace(get=lambda company: f"company {company}")


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk()
    monkeypatch.setattr(desk_action, "services", lambda: made)
    monkeypatch.setattr(validate_request_form, "services", lambda: made)
    for module in _action_modules():
        monkeypatch.setattr(module, "services", lambda: made, raising=False)
    return made


def _action_modules() -> list[Any]:
    from tests.unit.actions.test_desk_action import MODULES

    return MODULES


def tracker(intent: str = "ask_policy", text: str = "リコールは？") -> Tracker:
    """A tracker as the engine sends it."""
    understanding = Understanding(text, intent, 0.9, ((intent, 0.9),))
    message = {
        "text": text,
        "intent": {"name": intent},
        "understanding": understanding.as_dict(),
        "metadata": {"conversation": "c1", "company": "okura", "channel": "web", "message_id": "m1"},
    }
    state = {"sender_id": "c1", "slots": {}, "latest_message": message, "events": [], "active_loop": {}}
    return Tracker.from_dict(state)


def turn(intent: str = "ask_policy", text: str = "リコールは？") -> Turn:
    """The turn that such a tracker tells of."""
    company: Any = "company okura"
    return Turn("c1", company, "web", "m1", text, Understanding(text, intent, 0.9, ((intent, 0.9),)))
