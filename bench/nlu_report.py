"""`make nlu-report`: train, evaluate, compare, and write docs/understanding.md with its pictures.

`--no-peers` leaves the peers out; `--epochs N` trains Rasa's default pipeline for N rounds instead of its 100.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence

from bench.nlu.cost import learn, measure
from bench.nlu.page import Findings, page
from bench.nlu.peers import rasa_default, sections_found, without_vectors
from bench.nlu.pictures import confusion_matrix, threshold_curve
from bench.nlu.scoring import by_group, judge
from bench.nlu.sets import DEV, TEST, TRAINING, read_rows
from bench.nlu.thresholds import cross_validated, curve, of_dev
from bot.settings import ROOT
from bot.understanding import vectors
from bot.understanding.training_data import read_examples

PAGE = ROOT / "docs" / "understanding.md"
IMAGES = ROOT / "docs" / "images"
RASA_EPOCHS = 100


def main(arguments: Sequence[str]) -> int:
    """Run everything and print the figures that targets are set for."""
    options = _options(arguments)
    found = _evaluate()
    threshold_curve(dict(found.curves), IMAGES / "understanding-threshold.png")
    confusion_matrix([*found.dev, *found.test], IMAGES / "understanding-confusion.png")
    for name, reached in by_group(found.test).items():
        print(f"{name:55} {reached}", flush=True)
    # The peers take longest: what is known before them is not lost with them.
    PAGE.write_text(page(found), encoding="utf-8")
    if not options.no_peers:
        _add_peers(found, options.epochs)
        PAGE.write_text(page(found), encoding="utf-8")
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.nlu_report", description=__doc__)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--epochs", type=int, default=RASA_EPOCHS)
    return parser.parse_args(arguments)


def _evaluate() -> Findings:
    examples, dev, test = read_examples(TRAINING), read_rows(DEV), read_rows(TEST)
    understander, training_s = learn(examples)
    cost = measure(understander, training_s, dev)
    curves = {"dev": curve(of_dev(understander, dev)), "training, cross-validated": curve(cross_validated(examples))}
    dev_judged, test_judged = judge(understander, dev), judge(understander, test)
    return Findings(examples, vectors.available(), dev_judged, test_judged, cost, curves)


def _add_peers(found: Findings, epochs: int) -> None:
    rows = [one.row for one in found.test]
    found.sections = sections_found([one for one in found.test if one.row.group == "topics"])
    if found.with_vectors:
        with without_vectors():
            found.peers["the desk without dense vectors"] = judge(learn(found.examples)[0], rows)
    gc.collect()
    found.epochs = epochs
    found.peers["Rasa's default pipeline"] = rasa_default(found.examples, rows, epochs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
