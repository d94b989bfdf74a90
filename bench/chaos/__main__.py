"""Break the desk while customers talk, and count: `python -m bench.chaos` (or `make chaos`)."""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
import tempfile
from pathlib import Path

from bench.chaos.run import Options, run
from bench.chaos.texts import send_to_a_desk_of_their_own
from bench.chaos.webhooks import send_webhooks

KILLS = 4
"""Of the desk that takes the webhooks in."""
PARTS = ("web", "worker", "actions", "engine", "supervisor")


def main() -> int:
    """Run with each database; 0 if everything adds up."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="processes to kill, with each database (100)")
    parser.add_argument("--rounds", type=int, default=4, help="how often every other fault happens (4)")
    parser.add_argument("--seed", type=int, default=None, help="repeat the plan of an earlier run")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="one of them alone")
    parser.add_argument("--texts", type=int, default=10_000, help="generated messages to send at the end (10000)")
    parser.add_argument("--webhooks", type=int, default=1000, help="messages in LINE to send in between (1000)")
    given = parser.parse_args()
    # As Ctrl-C does: whatever was started is stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    seed = random.randrange(10**6) if given.seed is None else given.seed
    databases = (given.database,) if given.database else ("sqlite", "postgresql")
    wrong = [_one(given, seed, database) for database in databases]
    return max(*wrong, _webhooks(seed, given.webhooks), _texts(seed, given.texts))


def _one(given: argparse.Namespace, seed: int, database: str) -> int:
    print(f"{database}, seed {seed}", flush=True)
    options = Options(seed, given.kills, given.rounds, database=database, registered=5000, parts=PARTS)
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-chaos-"))
    balance = asyncio.run(run(options, folder, lambda line: print(f"  {line}", flush=True)))
    print(f"{database}, seed {seed}: {balance}", flush=True)
    return 1 if balance.wrongs else 0


def _webhooks(seed: int, count: int) -> int:
    if not count:
        return 0
    print(f"sending {count} webhooks of LINE through {KILLS} kills, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="madoguchi-chaos-") as folder:
        return _told(asyncio.run(send_webhooks(Path(folder), seed, count, KILLS)))


def _texts(seed: int, count: int) -> int:
    if not count:
        return 0
    print(f"sending {count} generated messages, seed {seed}", flush=True)
    return _told(asyncio.run(send_to_a_desk_of_their_own(seed, count)))


def _told(wrongs: list[str]) -> int:
    print("\n".join(f"  WRONG: {wrong}" for wrong in wrongs) or "  each was answered", flush=True)
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main())
