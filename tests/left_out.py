"""Tests that need a program which isn't on this machine: left out by name, with what would bring them in.

Under CI (`CI=true`) nothing may be left out, for whatever reason.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Program:
    """A program that some tests run."""

    name: str
    commands: tuple[str, ...]
    install: str

    def path(self) -> str | None:
        """Where it is, if it is there."""
        return next(filter(None, map(shutil.which, self.commands)), None)


CHROMIUM = Program(
    "Chromium", ("chromium", "chromium-browser", "google-chrome"), "apt-get install chromium fonts-noto-cjk"
)
REDIS = Program("Redis", ("redis-server",), "apt-get install redis-server")
NODE = Program("Node", ("npm",), "apt-get install npm")
SYSTEMD = Program("systemd", ("systemd-analyze",), "apt-get install systemd")
SLOW_FIXTURES = {"understander"}
"""What takes long to make: half a minute of training."""

PROGRAMS = {"chromium": CHROMIUM, "redis": REDIS, "node": NODE, "systemd": SYSTEMD}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "needs(program): needs chromium, redis, node or systemd; tests/browser needs chromium"
    )
    config.addinivalue_line("markers", "slow: too slow for `make check`")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for program in _needed(item, config.rootpath):
            if program.path() is None:
                item.add_marker(pytest.mark.skip(reason=_reason(program)))
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("real"):
            if config.rootpath / "tests" / "unit" in item.path.parents:
                raise pytest.UsageError(
                    f"{item.nodeid} is real: it belongs into tests/integration, or .ci/test misses it"
                )
            # One process runs them all, so that they share one desk and don't starve each other.
            item.add_marker(pytest.mark.xdist_group("real"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if isinstance(report.longrepr, tuple)]
    for program in PROGRAMS.values():
        names = sorted({report.nodeid for report in skipped if report.longrepr[2].endswith(_reason(program))})
        if names:
            terminalreporter.section(f"left out: {len(names)} tests that need {program.name}", yellow=True)
            terminalreporter.line(f"{program.name} is not on this machine. To run them too: {program.install}")
            for name in names:
                terminalreporter.line(f"  {name}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    left_out = reporter.stats.get("skipped", []) if isinstance(reporter, pytest.TerminalReporter) else []
    if os.environ.get("CI") == "true" and left_out and exitstatus == pytest.ExitCode.OK:
        reporter.line("")
        reporter.line(f"CI may leave out nothing, but {len(left_out)} tests were.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _needed(item: pytest.Item, root: Path) -> list[Program]:
    needed = [PROGRAMS[marker.args[0]] for marker in item.iter_markers("needs")]
    return [*needed, CHROMIUM] if root / "tests" / "browser" in item.path.parents else needed


def _reason(program: Program) -> str:
    return f"needs {program.name}"
