"""The same sets by other ways: Rasa's default pipeline, retrieval over the policy, the desk without dense vectors."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog
import yaml

from bench.nlu.scoring import Judged, Share, share
from bench.nlu.sets import Row
from bot.knowledge.clauses import Clause, ClauseKind
from bot.knowledge.library import PolicyLibrary
from bot.knowledge.privacy_policy import PrivacyPolicy
from bot.settings import load_settings
from bot.understanding import vectors
from bot.understanding.training_data import TOPIC_PREFIX, Example

_TOPIC_JOINT = "__"  # A dot or a slash would mean something to Rasa.


def rasa_default(examples: Sequence[Example], rows: Sequence[Row], epochs: int) -> list[Judged]:
    """Train the pipeline of `rasa init` on the same examples and ask it; it takes `epochs` rounds instead of 100."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    # Rasa's debug log prints every text, and the test set's are not to be read.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    with tempfile.TemporaryDirectory() as folder:
        config, data = Path(folder) / "config.yml", Path(folder) / "nlu.yml"
        config.write_text(yaml.safe_dump(_default_config(epochs)), encoding="utf-8")
        data.write_text(yaml.safe_dump(_training_file(examples), allow_unicode=True), encoding="utf-8")
        agent = Agent.load(train_nlu(str(config), str(data), folder))
        parsed = asyncio.run(_parsed(agent, rows))
    return [Judged(row, name.replace(_TOPIC_JOINT, ".")) for row, name in zip(rows, parsed, strict=True)]


async def _parsed(agent: Any, rows: Sequence[Row]) -> list[str]:
    names = []
    for row in rows:
        intent = (await agent.parse_message(row.text))["intent"]["name"]
        names.append("out_of_scope" if intent == "nlu_fallback" else str(intent))
    return names


def _training_file(examples: Sequence[Example]) -> dict[str, Any]:
    by_label: dict[str, list[str]] = {}
    for example in examples:
        by_label.setdefault(example.label.replace(".", _TOPIC_JOINT), []).append(f"- {example.text}\n")
    return {"version": "3.1", "nlu": [{"intent": name, "examples": "".join(lines)} for name, lines in by_label.items()]}


def _default_config(epochs: int) -> dict[str, Any]:
    # The whitespace tokenizer refuses Japanese, so the language stays the one that `rasa init` writes.
    return {
        "recipe": "default.v1",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True, "random_seed": 0},
            {"name": "EntitySynonymMapper"},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
    }


@contextmanager
def without_vectors() -> Iterator[None]:
    """Let the desk do without the package of dense vectors."""
    with patch.object(vectors, "available", lambda: False):
        yield


def sections_found(judged: Sequence[Judged]) -> tuple[Share, Share, int]:
    """Give how often the desk's topic, and how often BM25, leads to a section that answers, and over how many policies.

    A section is a top heading of the policy; the right ones are those of the clauses that the row's topic maps to. A
    topic that a policy doesn't cover isn't counted for it.
    """
    library = PolicyLibrary(load_settings({}).company_dir)
    desk, searched = [], []
    policies = [library.get(company).policy for company in library.ids()]
    for policy in policies:
        for one in judged:
            right = {_section(clause) for topic in _topics(one.row.labels) for clause in policy.clauses_for(topic)}
            if right:
                desk.append(bool(_first_sections(policy, one.label) & right))
                hits = policy.index.search(one.row.text, limit=1)
                searched.append(bool(hits) and _section(hits[0].clause) in right)
    return share(desk), share(searched), len(policies)


def _topics(labels: frozenset[str]) -> list[str]:
    return [label.removeprefix(TOPIC_PREFIX) for label in labels if label.startswith(TOPIC_PREFIX)]


def _first_sections(policy: PrivacyPolicy, label: str) -> set[int]:
    topics = _topics(frozenset({label}))
    return {_section(clause) for topic in topics for clause in policy.clauses_for(topic)[:1]}


def _section(clause: Clause) -> int:
    """Tell sections apart by the highest clause below the policy's title that a clause lies in."""
    lineage = [clause, *clause.ancestors()]
    return id(
        next((node for node in reversed(lineage) if node.parent_is_top and node.kind is not ClauseKind.TITLE), clause)
    )
