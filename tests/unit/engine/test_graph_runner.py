from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.engine.graph_runner import InOrderGraphRunner


class Joining(GraphComponent):
    """Notes each call, and joins what it gets."""

    calls: list[str] = []  # noqa: RUF012 - one list for all nodes of a test

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def create(cls, config: dict[str, Any], *args: Any, **kwargs: Any) -> Joining:
        return cls(config["name"])

    def join(self, a: str, b: str) -> str:
        self.calls.append(self._name)
        return f"{self._name}({a},{b})"


def node(name: str, a: str, b: str) -> SchemaNode:
    return SchemaNode({"a": a, "b": b}, Joining, "create", "join", {"name": name}, eager=True)


SCHEMA = GraphSchema(
    {
        "last": node("last", "left", "right"),
        "left": node("left", "first", "text"),
        "right": node("right", "first", "left"),
        "first": node("first", "text", "text"),
        "unneeded": node("unneeded", "text", "text"),
    }
)


@pytest.fixture(params=[DaskGraphRunner, InOrderGraphRunner])
def runner(request: pytest.FixtureRequest, tmp_path: Path) -> GraphRunner:
    """Rasa's runner and ours: both must do the same."""
    Joining.calls.clear()
    made: GraphRunner = request.param.create(SCHEMA, LocalModelStorage(tmp_path), ExecutionContext(SCHEMA))
    return made


def test_a_target_is_made_of_all_that_it_needs_and_each_node_runs_once(runner: GraphRunner) -> None:
    made = runner.run(inputs={"text": "t"}, targets=["last", "first"])
    assert made == {"last": "last(left(first(t,t),t),right(first(t,t),left(first(t,t),t)))", "first": "first(t,t)"}
    assert sorted(Joining.calls) == ["first", "last", "left", "right"]


def test_runs_do_not_know_of_each_other(runner: GraphRunner) -> None:
    assert runner.run(inputs={"text": "a"}, targets=["first"]) == {"first": "first(a,a)"}
    assert runner.run(inputs={"text": "b"}, targets=["first"]) == {"first": "first(b,b)"}
