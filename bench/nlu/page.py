"""docs/understanding.md: the figures of one run, as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bench.nlu.cost import Cost
from bench.nlu.scoring import Judged, Share, by_group, by_intent, by_style, confused, macro_f1
from bench.nlu.thresholds import Point
from bot.understanding.model import REFUSED_AT
from bot.understanding.result import CLOSE_AT, OUT_OF_SCOPE
from bot.understanding.training_data import Example

TARGETS = {
    "policy questions: topic": "95%",
    "requests: kind, or offered by a confirming question": "97%",
    "handoff": "97%",
    "out of scope refused": "95%",
    "good questions and requests refused": "at most 3%",
    "chitchat": "98%",
}
STYLE_TARGET = 0.88
_CONFUSIONS_SHOWN = 15
_PEER_LINES = ("all", "policy questions: topic", "requests: kind", "handoff", "out of scope refused", "chitchat")


@dataclass
class Findings:
    """Everything that the page tells."""

    examples: Sequence[Example]
    with_vectors: bool
    dev: Sequence[Judged]
    test: Sequence[Judged]
    cost: Cost
    curves: Mapping[str, Sequence[Point]]
    peers: dict[str, Sequence[Judged]] = field(default_factory=dict)
    epochs: int = 0
    sections: tuple[Share, Share, int] | None = None


def page(found: Findings) -> str:
    """Write the page."""
    here = FileSystemLoader(Path(__file__).parent)
    # Markdown, and nothing in it comes from outside.
    template = Environment(loader=here, undefined=StrictUndefined, keep_trailing_newline=True).get_template(
        "page.md.j2"
    )
    return template.render(
        found=found,
        reached=_reached(found),
        f1_test=macro_f1(found.test),
        f1_dev=macro_f1(found.dev),
        close=f"{CLOSE_AT:.0%}",
        style_target=f"{STYLE_TARGET:.0%}",
        styles=_styles(found),
        intents=_beside(("intent", "test set", "dev set"), by_intent(found.test), by_intent(found.dev)),
        weak_topics=_weak_topics(found),
        labels=len({example.label for example in found.examples}),
        aliens=sum(example.intent == OUT_OF_SCOPE for example in found.examples),
        sizes=_sizes(found),
        refused_at=REFUSED_AT,
        thresholds=_thresholds(found),
        costs=_costs(found.cost),
        peers=_peers(found),
        confusions=_confusions(found),
    )


def _reached(found: Findings) -> str:
    dev, test = by_group(found.dev), by_group(found.test)
    rows = [(name, TARGETS.get(name, ""), str(test[name]), str(dev[name])) for name in test]
    return _table(("", "target", "test set", "dev set"), rows)


def _styles(found: Findings) -> str:
    dev, test = by_style(found.dev), by_style(found.test)
    notes = {style: "" if reached.value >= STYLE_TARGET else "below" for style, reached in test.items()}
    rows = [(style, str(test[style]), str(dev.get(style, "")), notes[style]) for style in test]
    return _table(("style", "test set", "dev set", ""), rows)


def _beside(head: Sequence[str], test: Mapping[str, object], dev: Mapping[str, object]) -> str:
    return _table(head, [(name, str(test[name]), str(dev.get(name, ""))) for name in test])


def _weak_topics(found: Findings) -> str:
    asked = [one for one in found.test if one.row.group == "topics"]
    whole = Counter(min(one.row.labels).partition(".")[2] for one in asked)
    right = Counter(min(one.row.labels).partition(".")[2] for one in asked if one.right)
    weak = sorted(topic for topic, count in whole.items() if right[topic] < count)
    return _table(("topic", "right"), [(topic, f"{right[topic]} of {whole[topic]}") for topic in weak])


def _sizes(found: Findings) -> str:
    test, dev = (Counter(one.row.style for one in judged) for judged in (found.test, found.dev))
    return _beside(("style", "test", "dev"), dict(sorted(test.items())), dev)


def _thresholds(found: Findings) -> str:
    rows = []
    for points in zip(*found.curves.values(), strict=True):
        shares = [f"{point.out_of_scope.value:.1%} / {point.good.value:.1%}" for point in points]
        rows.append((f"{points[0].threshold:.2f}", *shares))
    return _table(("threshold", *found.curves), rows[::2])


def _costs(cost: Cost) -> str:
    rows = [
        ("training, seconds", f"{cost.training_s:.0f}", "120"),
        ("a message, median, ms", f"{cost.median_ms:.1f}", "12"),
        ("a message, 95th of 100, ms", f"{cost.slow_ms:.1f}", ""),
        ("model file, MB", f"{cost.file_mb:.0f}", ""),
        ("memory while training, MB", f"{cost.memory_mb:.0f}", ""),
    ]
    return _table(("", "measured", "at most"), rows)


def _peers(found: Findings) -> str:
    shown = {"the desk": found.test, **found.peers}
    groups = {name: by_group(judged) for name, judged in shown.items()}
    rows = [(line, *(str(groups[name][line]) for name in shown)) for line in _PEER_LINES]
    return _table(("", *shown), rows)


def _confusions(found: Findings) -> str:
    both = confused([*found.dev, *found.test]).most_common(_CONFUSIONS_SHOWN)
    return _table(("meant", "understood as", "times"), [(meant, given, str(count)) for (meant, given), count in both])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
