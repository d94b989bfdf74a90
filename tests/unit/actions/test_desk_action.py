import importlib
import pkgutil

import pytest
import yaml
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

import actions
from bot.settings import ROOT
from tests.unit.actions.conftest import Desk, tracker, turn

MODULES = [
    importlib.import_module(f"actions.{module.name}")
    for module in pkgutil.iter_modules(actions.__path__)
    if not module.name.startswith("__")
]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text())

CALLS = {
    "action_answer_policy": ("answers.answer", "ask_policy"),
    "action_ask_request_form_answer": ("intake.question", "ask_policy"),
    "action_cancel_request": ("intake.cancel", "cancel"),
    "action_change_answer": ("intake.change", "change_answer"),
    "action_continue_request": ("small_talk.go_on", "resume_request"),
    "action_decline": ("small_talk.decline", "out_of_scope"),
    "action_explain_agents": ("intake.agent_path", "request_about_another"),
    "action_explain_need": ("intake.why", "ask_why_needed"),
    "action_hand_off": ("small_talk.hand_off", "ask_handoff"),
    "action_reply": ("small_talk.reply", "thank"),
    "action_resend_code": ("intake.resend", "resend_code"),
    "action_start_request": ("intake.start", "request_disclosure"),
}
"""Which service each action calls, and an intent that leads there."""

LEADING_INTO_THE_FORM = {
    "action_start_request",
    "action_continue_request",
    "action_cancel_request",
    "action_explain_agents",
}


@pytest.fixture(scope="module")
def executor() -> ActionExecutor:
    """The action server's own register of actions."""
    made = ActionExecutor()
    made.register_package("actions")
    return made


def test_the_action_server_offers_what_the_domain_names_and_nothing_else(executor: ActionExecutor) -> None:
    assert set(executor.actions) == set(DOMAIN["actions"])
    assert set(CALLS) == set(DOMAIN["actions"]) - {"validate_request_form"}


async def run(executor: ActionExecutor, name: str, intent: str) -> tuple[CollectingDispatcher, list[dict[str, object]]]:
    dispatcher = CollectingDispatcher()
    events = await executor.actions[name](dispatcher, tracker(intent), {})
    return dispatcher, events


@pytest.mark.parametrize("name", CALLS)
async def test_an_action_asks_one_service_about_the_turn(executor: ActionExecutor, desk: Desk, name: str) -> None:
    service, intent = CALLS[name]
    await run(executor, name, intent)
    [(called, arguments)] = desk.calls
    assert called == service
    assert arguments[0] == turn(intent)
    assert arguments[1:] == (("disclosure",) if name == "action_start_request" else ())


@pytest.mark.parametrize("name", CALLS)
async def test_replies_go_out_whole(executor: ActionExecutor, desk: Desk, name: str) -> None:
    dispatcher, _ = await run(executor, name, CALLS[name][1])
    [message] = dispatcher.messages
    assert message["text"] == "どうぞ"
    assert message["buttons"] == [{"title": "はい", "payload": "はいと言う"}]
    assert message["custom"] == {"topics": ["recall"]}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("is_open", [True, False])
async def test_rasa_is_led_into_the_form_or_past_it(
    executor: ActionExecutor, desk: Desk, name: str, is_open: bool
) -> None:
    desk.intake.open = is_open
    _, events = await run(executor, name, CALLS[name][1])
    told = [{"event": "slot", "name": "request_open", "value": is_open, "timestamp": None}]
    assert events == (told if name in LEADING_INTO_THE_FORM else [])


def test_the_package_is_flat_and_has_an_action_a_module() -> None:
    """rasa-sdk imports subpackages by their bare name."""
    assert not [module.name for module in pkgutil.iter_modules(actions.__path__) if module.ispkg]
    for module in MODULES:
        own = [thing for thing in vars(module).values() if isinstance(thing, type) and issubclass(thing, Action)]
        assert len([thing for thing in own if thing.__module__ == module.__name__]) == 1
