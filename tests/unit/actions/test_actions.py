"""The actions against the real services: what Rasa sends in, what it gets back."""

import asyncio
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions
from actions import desk_action
from actions.validate_request_form import ValidateRequestForm
from bot.bootstrap import build_services
from bot.services.records import Conversation
from bot.settings import ROOT, load_settings
from bot.storage.migrate import migrate
from bot.understanding.result import Question, Understanding


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    settings = load_settings({"VAR_DIR": str(tmp_path), "SECRET_KEY": "k" * 64})
    migrate(settings.database)
    built = build_services(settings)
    monkeypatch.setattr(desk_action, "services", lambda: built)
    for module in iter_modules(actions.__path__):
        loaded = import_module(f"actions.{module.name}")
        if hasattr(loaded, "services"):
            monkeypatch.setattr(loaded, "services", lambda: built)
    now = built.clock.now()
    with built.store.transaction() as tx:
        tx.conversations.add(Conversation("c1", "rest", "okura", now, now))
    yield built
    built.store.close()


def tracker(intent: str, text: str, event: str = "m1", slots: dict[str, Any] | None = None) -> Tracker:
    questions = (Question(text, (("recall", 0.9),)),) if intent == "ask_policy" else ()
    understood = Understanding(text, intent, 0.9, ((intent, 0.9),), questions)
    message = {
        "text": text,
        "intent": {"name": intent},
        "understanding": understood.as_dict(),
        "metadata": {"company": "okura", "conversation": "c1", "channel": "rest", "message_id": event},
    }
    return Tracker("c1", slots or {}, message, [], False, None, {"name": "request_form"}, "action_listen")


def run(name: str, given: Tracker) -> tuple[str, list[dict[str, Any]]]:
    dispatcher = CollectingDispatcher()
    action = next(cls for cls in all_actions() if cls().name() == name)()
    events = asyncio.run(action.run(dispatcher, given, {}))
    return "\n".join(message["text"] for message in dispatcher.messages), events


def all_actions() -> list[type[Action]]:
    found = []
    for module in iter_modules(actions.__path__):
        if module.name != "__main__":
            members = vars(import_module(f"actions.{module.name}")).values()
            found += [c for c in members if inspect.isclass(c) and issubclass(c, Action) and not inspect.isabstract(c)]
    return [cls for cls in set(found) if cls.__module__.startswith("actions.")]


def test_the_actions_are_those_that_the_domain_names() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert sorted(cls().name() for cls in all_actions()) == sorted(domain["actions"])


def test_a_question_is_answered_with_the_clause_and_what_channels_need(services: Any) -> None:
    dispatcher = CollectingDispatcher()
    action = next(cls for cls in all_actions() if cls().name() == "action_answer_policy")()
    asyncio.run(action.run(dispatcher, tracker("ask_policy", "リコールのときはどうなる？"), {}))
    message = dispatcher.messages[0]
    assert "⑤ リコールが発生した場合" in message["text"]
    assert message["custom"]["passages"][0]["citation"] == "7.(3)⑤"


def test_beginning_a_request_leads_rasa_into_the_form(services: Any) -> None:
    text, events = run("action_start_request", tracker("request_disclosure", "私のデータ全部見せて"))
    assert "開示" in text
    assert [(event["name"], event["value"]) for event in events] == [("request_open", True)]


def test_a_question_beside_a_request_is_answered_before_the_form_asks(services: Any) -> None:
    text = "データを全部見せて。リコールのときはどうなる？"
    given = tracker("request_disclosure", text)
    given.latest_message["understanding"]["questions"] = [{"text": text, "topics": [["recall", 0.9]], "clause": []}]
    said, _ = run("action_start_request", given)
    assert 0 <= said.index("⑤ リコールが発生した場合") < said.index("どのような形で受け取りますか")


def test_cancelling_leads_rasa_past_the_form(services: Any) -> None:
    run("action_start_request", tracker("request_disclosure", "私のデータ全部見せて"))
    _, events = run("action_cancel_request", tracker("cancel", "やめる", "m2"))
    assert [(event["name"], event["value"]) for event in events] == [("request_open", False)]


def test_an_answer_goes_to_the_service_and_stays_in_no_slot(services: Any) -> None:
    run("action_start_request", tracker("request_disclosure", "私のデータ全部見せて"))
    said = "電子データで受け取る"
    given = tracker("inform", said, "m2", {"answer": said, "requested_slot": "answer"})
    given.events = [{"event": "action", "name": "request_form"}, {"event": "slot", "name": "answer", "value": said}]
    text, events = run("validate_request_form", given)
    assert [(event["name"], event["value"]) for event in events] == [("answer", None)]
    assert "お名前" in text


def test_the_open_question_is_asked_again_after_a_digression_but_not_after_an_answer(services: Any) -> None:
    run("action_start_request", tracker("request_disclosure", "私のデータ全部見せて"))
    assert run("action_ask_request_form_answer", tracker("request_disclosure", "私のデータ全部見せて"))[0] == ""
    assert "受け取り" in run("action_ask_request_form_answer", tracker("ask_policy", "リコールは？", "m2"))[0]


def test_without_an_open_form_nothing_is_required(services: Any) -> None:
    form = ValidateRequestForm()
    assert asyncio.run(form.required_slots(["answer"], CollectingDispatcher(), tracker("inform", "x"), {})) == []


def test_another_persons_data_is_never_shown_and_opens_no_form_by_itself(services: Any) -> None:
    text, events = run("action_explain_agents", tracker("request_about_another", "主人のデータを見せて"))
    assert "代理人" in text
    assert [(event["name"], event["value"]) for event in events] == [("request_open", False)]


def test_the_customers_own_number_is_no_question_about_the_companys(services: Any) -> None:
    said, _ = run("action_answer_policy", tracker("ask_policy", "電話番号は090-1234-5678です"))
    assert "どのようなご用件でしょうか" in said
    assert "0233-75-3111" not in said
