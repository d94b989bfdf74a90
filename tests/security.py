"""Run every test that docs/security.md lists, then fuzz every public route: `python -m tests.security`."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time

from bot.settings import ROOT

PAGE = ROOT / "docs" / "security.md"
FUZZ_EXAMPLES = "1000"
_TEST = re.compile(r"`(tests/[\w/]+\.py(?:::\w+)+)`")
_ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
_NOTHING_COLLECTED = 5


def listed_tests() -> list[str]:
    """Name the tests of the page as pytest does, each once."""
    return list(dict.fromkeys(_TEST.findall(PAGE.read_text(encoding="utf-8"))))


def listed_attacks() -> list[int]:
    """Number the attacks of the page."""
    return [int(number) for number in _ROW.findall(PAGE.read_text(encoding="utf-8"))]


def main() -> int:
    """Run all; 0 if every defence held."""
    parser = argparse.ArgumentParser(prog="python -m tests.security", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name the tests and run none")
    given, tests = parser.parse_args(), listed_tests()
    if given.list:
        print("\n".join(tests))
        return 0
    in_browser = [test for test in tests if test.startswith("tests/browser/")]
    elsewhere = [test for test in tests if test not in in_browser]
    steps = [
        ("What shares nothing", [*_PYTEST, "-m", "not real", "-n", "2", "--dist", "loadgroup", *elsewhere]),
        ("The real desk", [*_PYTEST, "-m", "real", *elsewhere]),
        ("In a browser", [*_PYTEST, *in_browser]),
        ("The APIs against their documents", [sys.executable, "-m", "tests.api.fuzz"]),
    ]
    began = time.monotonic()
    failed = [name for name, command in steps if not _held(name, command)]
    print(f"Failed: {', '.join(failed)}" if failed else f"All {len(listed_attacks())} attacks held off.")
    print(f"It took {(time.monotonic() - began) / 60:.0f} minutes.")
    return 1 if failed else 0


_PYTEST = [sys.executable, "-m", "pytest", "-q", "--disable-warnings"]


def _held(name: str, command: list[str]) -> bool:
    print(f"== {name}", flush=True)
    environ = {**os.environ, "FUZZ_EXAMPLES": os.environ.get("FUZZ_EXAMPLES", FUZZ_EXAMPLES)}
    return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode in (0, _NOTHING_COLLECTED)


if __name__ == "__main__":
    sys.exit(main())
