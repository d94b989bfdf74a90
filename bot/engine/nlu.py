"""The understanding of Japanese as a component of Rasa's pipeline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.model import FILE_NAME, Understander
from bot.understanding.training_data import Example

RANKED_INTENTS = 5
UNDERSTANDING_KEY = "understanding"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class JapaneseUnderstanding(GraphComponent):
    """Give each message its intent, and the topics of the questions in it."""

    def __init__(self, storage: ModelStorage, resource: Resource, understander: Understander | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._understander = understander

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing can be set here; what was measured stands in bot/understanding."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> JapaneseUnderstanding:
        """Make an untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> JapaneseUnderstanding:
        """Make a trained component from the model archive."""
        with model_storage.read_from(resource) as folder:
            understander = Understander.load(folder / FILE_NAME)
        # The first text opens the dictionary: now, not with the first customer's message.
        understander.understand("個人情報の窓口")
        return cls(model_storage, resource, understander)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the examples and keep the result in the model archive."""
        self._understander = Understander.fit([_example(message) for message in training_data.intent_examples])
        with self._storage.write_to(self._resource) as folder:
            self._understander.save(folder / FILE_NAME)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Understand each message, with what an open form waits for and what was spoken of if its metadata tells."""
        if self._understander is None:
            raise RuntimeError("the component was asked before it was trained or loaded")
        for message in messages:
            known = message.get(METADATA) or {}
            text, waiting_for, aspects = message.get(TEXT) or "", known.get("expectation"), known.get("aspects")
            understood = self._understander.understand(text, waiting_for, aspects)
            ranking = [{"name": name, "confidence": p} for name, p in understood.ranking[:RANKED_INTENTS]]
            message.set(INTENT, {"name": understood.intent, "confidence": understood.confidence}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            # What travels with the message to the actions and into its stored state is the best of it.
            kept = replace(understood, ranking=understood.ranking[:RANKED_INTENTS])
            message.set(UNDERSTANDING_KEY, kept.as_dict(), add_to_output=True)
        return messages


def _example(message: Message) -> Example:
    metadata = (message.get(METADATA) or {}).get(METADATA_INTENT) or {}
    return Example(message.get(TEXT), message.get(INTENT), metadata.get("topic", ""))
