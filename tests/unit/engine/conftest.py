"""The dialogue's domain and rules as Rasa reads them, without a trained model or a server."""

from pathlib import Path

import pytest
import yaml
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph

from bot.settings import ROOT


@pytest.fixture(scope="session")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture(scope="session")
def rule_policy(domain: Domain, tmp_path_factory: pytest.TempPathFactory) -> RulePolicy:
    """The desk's rules, learned with the settings of config.yml."""
    [settings] = yaml.safe_load((ROOT / "config.yml").read_text())["policies"]
    reader = YAMLStoryReader(domain)
    steps = [step for path in sorted((ROOT / "data" / "rules").glob("*.yml")) for step in reader.read_from_file(path)]
    trackers = TrainingDataGenerator(StoryGraph(steps), domain, augmentation_factor=0).generate()
    policy = RulePolicy(
        {**RulePolicy.get_default_config(), **settings},
        LocalModelStorage(Path(tmp_path_factory.mktemp("rules"))),
        Resource("rules"),
        ExecutionContext(GraphSchema({})),
    )
    policy.train(trackers, domain)
    return policy
