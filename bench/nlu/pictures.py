"""The confusion matrix and the threshold curve as PNG files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from bench.nlu.scoring import Judged
from bench.nlu.thresholds import Point
from bot.understanding.model import REFUSED_AT


def confusion_matrix(judged: Sequence[Judged], path: Path) -> None:
    """Draw which intent was taken for which; all topics are one intent, and rows are shares."""
    pairs = [(_intent(one.label if one.right else min(one.row.labels)), _intent(one.label)) for one in judged]
    names = sorted({name for pair in pairs for name in pair})
    counts = np.zeros((len(names), len(names)))
    for gold, given in pairs:
        counts[names.index(gold), names.index(given)] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(11, 10))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xlabel("understood as")
    axes.set_ylabel("meant")
    for row, column in zip(*np.nonzero(counts), strict=True):
        color = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, int(counts[row, column]), ha="center", va="center", fontsize=6, color=color)
    _write(figure, path)


def _intent(label: str) -> str:
    return label.partition(".")[0]


def threshold_curve(curves: dict[str, Sequence[Point]], path: Path) -> None:
    """Draw what each threshold refuses, of what it should and of what it should not."""
    figure, axes = plt.subplots(figsize=(8, 5))
    for color, (name, points) in zip(("tab:blue", "tab:orange"), curves.items(), strict=False):
        steps = [point.threshold for point in points]
        axes.plot(steps, [point.out_of_scope.value for point in points], color=color, label=f"{name}: out of scope")
        axes.plot(steps, [point.good.value for point in points], color=color, ls="--", label=f"{name}: good questions")
    axes.axvline(REFUSED_AT, color="gray", lw=1)
    axes.axhline(0.03, color="gray", lw=0.5, ls=":")
    axes.set_xlabel("refused where out of scope has this share of the best intent's probability")
    axes.set_ylabel("share refused")
    axes.set_ylim(0, 1)
    axes.legend()
    _write(figure, path)


def _write(figure: plt.Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, dpi=90, metadata={"Software": None})
    plt.close(figure)
