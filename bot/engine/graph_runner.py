"""Run a model's graph node by node."""

from __future__ import annotations

from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner


class InOrderGraphRunner(DaskGraphRunner):
    """Runs the nodes one after the other, each after those that it needs.

    Rasa's runner has dask schedule them anew at every run, three times a message: a thread-safe queue, a cache and
    a graph of tasks for half a dozen function calls that can't run side by side anyway.
    """

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Give the targets' outputs; an input stands for the node of its name."""
        outputs = dict(inputs or {})
        wanted = targets or self._graph_schema.target_names
        for target in wanted:
            self._provide(target, outputs)
        return {target: outputs[target] for target in wanted}

    def _provide(self, name: str, outputs: dict[str, Any]) -> None:
        if name in outputs:
            return
        needs = self._graph_schema.nodes[name].needs.values()
        for needed in needs:
            self._provide(needed, outputs)
        outputs[name] = self._instantiated_nodes[name](*((needed, outputs[needed]) for needed in needs))[1]
