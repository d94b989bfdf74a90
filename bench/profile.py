"""Show where the engine's time goes under load: `python -m bench.profile` draws docs/images/engine-profile.svg."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from bench.contenders import desk
from bench.load import run_clients
from bench.measuring import WARM_UP_S
from bot.settings import ROOT

PICTURE = ROOT / "docs" / "images" / "engine-profile.svg"
WORK = ROOT / "var" / "bench"
CLIENTS = 8
SAMPLES_A_SECOND = 200


def main() -> int:
    """Sample the engine while eight clients talk to it; what waits isn't counted."""
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="how long to look (20)")
    seconds = parser.parse_args().seconds
    WORK.mkdir(parents=True, exist_ok=True)
    with desk(WORK) as contender:
        run_clients(contender.target, CLIENTS, WARM_UP_S)
        watcher = subprocess.Popen(_watch(contender.processes[0].process.pid, seconds))
        run_clients(contender.target, CLIENTS, seconds + 2)
        status = watcher.wait()
    if status == 0:
        _tidy(PICTURE)
    return status


def _watch(process: int, seconds: int) -> list[str]:
    spy = str(Path(sys.executable).with_name("py-spy"))
    sampling = ["--pid", str(process), "--duration", str(seconds), "--rate", str(SAMPLES_A_SECOND)]
    return [spy, "record", "--format", "flamegraph", "--output", str(PICTURE), *sampling]


def _tidy(picture: Path) -> None:
    """Leave out this machine's folders and the remarks in the picture's script."""
    drawn = picture.read_text(encoding="utf-8")
    for folder in (Path(sys.executable).parent, picture.parent):
        drawn = drawn.replace(f"{folder}/", "")
    kept = [line for line in drawn.splitlines(keepends=True) if not line.lstrip().startswith("//")]
    picture.write_text("".join(kept), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
