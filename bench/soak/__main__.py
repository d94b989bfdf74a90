"""Let customers come for an hour, and see whether anything grows: `python -m bench.soak` (or `make soak`)."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

from bench.soak.run import Options, Soaked, judge, judge_pace, soak, work_ms


def main() -> int:
    """Soak and print; 0 if all is flat."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="how long customers come (60)")
    parser.add_argument("--streams", type=int, default=0, help="chats that stand open besides, e.g. 2000 (0)")
    parser.add_argument("--seed", type=int, default=8, help="who comes when")
    given = parser.parse_args()
    seconds = given.minutes * 60
    # Before the first sample the engine shall have the conversations in memory that it keeps, in a long run.
    rush_s = max(10.0, min(600.0, seconds / 6))
    options = Options(seconds, rush_s, given.streams, registered=int(seconds * 4) + 5000, seed=given.seed)
    with tempfile.TemporaryDirectory(prefix="madoguchi-soak-") as folder:
        soaked = asyncio.run(soak(options, Path(folder), lambda line: print(line, flush=True)))
    print(report(soaked))
    wrongs = [*judge(soaked), *judge_pace(soaked)]
    print("\n".join(f"WRONG: {wrong}" for wrong in wrongs) or "all is flat, nothing was left open")
    return 1 if wrongs else 0


def report(soaked: Soaked) -> str:
    """The figures as lines."""
    waits = sorted(exchange.waited_s * 1000 for exchange in soaked.answered)
    cuts = statistics.quantiles(waits, n=100)
    early, late = work_ms(soaked)
    lines = [
        f"{len(waits)} messages answered, p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms; "
        f"processors {early:.1f} ms a message at first, {late:.1f} ms at last; "
        f"the machine itself was {soaked.machine_slowed:.1f} times as slow at last",
        f"{soaked.balance}",
        "| part | memory, first → last | files | threads | connections |",
        "|---|---|---|---|---|",
    ]
    for part, samples in soaked.seen.items():
        then, now = soaked.before.held[part], soaked.after.held[part]
        lines.append(
            f"| {part} | {samples[0].rss_mb:.0f} → {samples[-1].rss_mb:.0f} MB | {then.files} → {now.files} "
            f"| {then.threads} → {now.threads} | {then.connections} → {now.connections} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
