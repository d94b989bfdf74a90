from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.nlu import RANKED_INTENTS, JapaneseUnderstanding
from bot.understanding.result import Understanding

EXAMPLES = [
    ("ありがとう", "thank", ""),
    ("ありがとうございます", "thank", ""),
    ("リコールのときはどうなる", "ask_policy", "recall"),
    ("リコールの連絡は来ますか", "ask_policy", "recall"),
    ("クッキーは使いますか", "ask_policy", "cookies"),
    ("クッキーを拒否したい", "ask_policy", "cookies"),
    ("やめます", "cancel", ""),
    ("やっぱりやめます", "cancel", ""),
    *((f"{word}の話", f"talk_{number}", "") for number, word in enumerate("天地玄黄宇宙")),
]
CONTEXT = ExecutionContext(GraphSchema({}))
RESOURCE = Resource("understanding")


@pytest.fixture
def trained(tmp_path: Path) -> JapaneseUnderstanding:
    """A component that was trained, stored in a model archive and loaded from it."""
    storage = LocalModelStorage(tmp_path)
    component = JapaneseUnderstanding.create({}, storage, RESOURCE, CONTEXT)
    messages = [
        Message({"text": text, "intent": intent, **({"metadata": {"intent": {"topic": topic}}} if topic else {})})
        for text, intent, topic in EXAMPLES
    ]
    component.train(TrainingData(messages))
    return JapaneseUnderstanding.load({}, storage, RESOURCE, CONTEXT)


def understood(component: JapaneseUnderstanding, text: str, **metadata: Any) -> Message:
    [message] = component.process([Message({"text": text, "metadata": metadata or None})])
    return message


def test_a_message_gets_its_intent_and_the_topics_of_its_questions(trained: JapaneseUnderstanding) -> None:
    message = understood(trained, "リコールのときはどうなりますか")
    assert message.get("intent")["name"] == "ask_policy"
    assert 0 < message.get("intent")["confidence"] <= 1
    assert message.get("intent_ranking")[0]["name"] == "ask_policy"
    result = Understanding.from_dict(message.get("understanding"))
    assert result.intent == "ask_policy"
    assert result.topics[0][0] == "recall"


def test_what_travels_with_a_message_is_short(trained: JapaneseUnderstanding) -> None:
    message = understood(trained, "ありがとう")
    assert len(message.get("intent_ranking")) == RANKED_INTENTS
    assert len(message.get("understanding")["ranking"]) == RANKED_INTENTS
    output = message.as_dict(only_output_properties=True)
    assert {"intent", "intent_ranking", "understanding"} <= set(output)


def test_what_an_open_form_waits_for_is_heard(trained: JapaneseUnderstanding) -> None:
    waiting_for = {"field": "means", "kind": "choice", "choices": ["クッキー", "紙"]}
    assert understood(trained, "クッキー", expectation=waiting_for).get("intent")["name"] == "inform"
    assert understood(trained, "クッキー", expectation=None).get("intent")["name"] != "inform"


@pytest.mark.parametrize("text", ["", "😀", "\x00", "a" * 100_000])
def test_nothing_that_is_typed_breaks_it(trained: JapaneseUnderstanding, text: str) -> None:
    assert understood(trained, text).get("intent")["name"]


def test_an_untrained_component_says_so(tmp_path: Path) -> None:
    component = JapaneseUnderstanding.create({}, LocalModelStorage(tmp_path), RESOURCE, CONTEXT)
    with pytest.raises(RuntimeError, match="before it was trained"):
        component.process([Message({"text": "はい"})])


def test_a_word_is_read_in_the_light_of_what_was_spoken_of(trained: JapaneseUnderstanding) -> None:
    message = understood(trained, "じゃあ項目は？", aspects={"items": "joint_use_items"})
    result = Understanding.from_dict(message.get("understanding"))
    assert (result.intent, result.topics[0][0]) == ("ask_policy", "joint_use_items")
