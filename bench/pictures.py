"""Throughput by clients and latency by turn, side by side, as a PNG file."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

from bench.measuring import Result

_COLORS = ("#8a97a6", "#17517e")
_WIDTH = 0.38


def draw(path: Path, peer: Result, ours: Result) -> None:
    """Draw both of them in both pictures."""
    figure, (loads, talk) = plt.subplots(1, 2, figsize=(11, 4))
    for place, (result, color) in enumerate(zip((peer, ours), _COLORS, strict=True)):
        rates = [measured.per_second for measured in result.by_clients.values()]
        bars = loads.bar([x + (place - 0.5) * _WIDTH for x in range(len(rates))], rates, _WIDTH, color=color)
        loads.bar_label(bars, fmt="%.0f")
        talk.plot(range(1, len(result.turns_ms) + 1), result.turns_ms, color=color, linewidth=1, label=result.name)
    loads.set_xticks(range(len(ours.by_clients)), [str(clients) for clients in ours.by_clients])
    loads.set(xlabel="clients", title="messages a second")
    talk.set(xlabel="turn of a conversation", title="ms to answer", ylim=0)
    talk.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)
