"""Measure the desk against the stock bot of `rasa init`: `python -m bench` (or `make bench`)."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack

from bench import streams, whole_way, widget
from bench.contenders import desk, stock
from bench.measuring import measure
from bench.mends import measure_mends
from bench.pictures import draw
from bench.processes import BenchError
from bench.report import comparison, throughput_line, write, wrong_line
from bot.settings import ROOT
from tests.left_out import CHROMIUM

PAGE = ROOT / "docs" / "benchmarks.md"
WORK = ROOT / "var" / "bench"


def main() -> int:
    """Measure, print and write docs/benchmarks.md."""
    options = _options()
    WORK.mkdir(parents=True, exist_ok=True)
    try:
        _run(options)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    with ExitStack() as both:
        running = []
        for contender in (stock, desk):
            print(f"starting {contender.__name__} …", flush=True)
            running.append(both.enter_context(contender(WORK)))
        print("measuring both, turn and turn about …", flush=True)
        peer, ours = measure(running, options.seconds)
    more = _ours_alone(options.seconds)
    mends = None
    if options.mends:
        print("measuring what each mend buys …", flush=True)
        mends = measure_mends(WORK, options.seconds)
    print(f"\n{comparison(peer, ours)}\n\n{more}\n{mends or ''}")
    command = "python -m bench" + (" --mends" if options.mends else "")
    draw(PAGE.parent / "images" / "bench.png", peer, ours)
    write(PAGE, peer, ours, command, more, mends)
    print(f"written to {PAGE.relative_to(ROOT)}")
    print(wrong_line([peer, ours]))
    print(throughput_line(peer, ours))


def _ours_alone(seconds: float) -> str:
    """Measure what the peer has nothing to set against, as parts of the page."""
    print("measuring the whole way …", flush=True)
    parts = [whole_way.section(whole_way.measure_whole_way(seconds))]
    print("measuring open chats …", flush=True)
    parts.append(streams.section(streams.measure_streams()))
    if CHROMIUM.path():
        print("measuring the chat on a phone …", flush=True)
        parts.append(widget.section(widget.measure_widget()))
    else:
        print(f"no Chromium here, so nothing of the chat on a phone: {CHROMIUM.install}", flush=True)
    return "\n".join(parts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="how long each load lasts (15)")
    parser.add_argument("--mends", action="store_true", help="also measure what each mend of Rasa buys (some minutes)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
