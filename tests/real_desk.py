"""The real desk, as `madoguchi run` starts it, on free ports and in a folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from bot.settings import ROOT
from tests.ports import free_ports

READY_S = 240
"""Longer than the 25 s of a start with everything in place, for a model may have to be trained first."""
STOP_S = 60
"""A desk that is left alone needs a tenth of it."""
_CODE = re.compile(r"^\s*(\d{8})\s*$", re.MULTILINE)


@dataclass(frozen=True)
class RealDesk:
    """A running desk as seen from outside."""

    web_url: str
    engine_url: str
    var_dir: Path
    environ: dict[str, str]
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def outbox(self) -> Path:
        """Where messages to customers arrive as files."""
        return self.var_dir / "outbox"

    def ask(self, sender: str, text: str, company: str | None = "okura") -> list[dict[str, Any]]:
        """Say something on the REST channel."""
        body = {"sender": sender, "message": text, "metadata": {"company": company} if company else {}}
        answer = httpx.post(f"{self.engine_url}/webhooks/rest/webhook", json=body, timeout=30, trust_env=False)
        answer.raise_for_status()
        return list(answer.json())

    def say(self, sender: str, text: str, company: str | None = "okura") -> str:
        """Say something on the REST channel and give all replies as one text."""
        return "\n".join(reply.get("text", "") for reply in self.ask(sender, text, company))

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `madoguchi …` on this desk's data."""
        line = [sys.executable, "-m", "bot.cli", *arguments]
        done = subprocess.run(
            line, cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=120, check=False
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def sent(self) -> list[Path]:
        """The messages in the outbox, the oldest first; one that is still being written has a dot before its name."""
        written = (path for path in self.outbox.glob("*.*") if not path.name.startswith("."))
        return sorted(written, key=lambda path: (path.stat().st_mtime_ns, path.name))

    def last_code(self, after: int = 0, seconds: float = 60) -> str:
        """Wait for a message with a one-time code that is not among the first `after`; give the newest one's code."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for path in reversed(self.sent()[after:]):
                if found := _CODE.search(message_text(path)):
                    return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no code came within {seconds} s")


def message_text(path: Path) -> str:
    """The words of an .eml or a .txt message, with the headers that matter."""
    if path.suffix != ".eml":
        return path.read_text(encoding="utf-8")
    mail = message_from_bytes(path.read_bytes(), policy=default)
    body = mail.get_body(("plain",))
    return f"{mail['To']}\n{mail['From']}\n{mail['Subject']}\n\n{body.get_content() if body else ''}"


def start_desk(var_dir: Path, **settings: str) -> RealDesk:
    """Start a desk and return at once; settings are as in the environment."""
    web, engine, actions = map(str, free_ports(3))
    ours = {"VAR_DIR": str(var_dir), "WEB_PORT": web, "ENGINE_PORT": engine, "ACTION_PORT": actions, **settings}
    environ = {**os.environ, "MADOGUCHI_ENV": "development", "LOG_LEVEL": "info", **ours}
    var_dir.mkdir(parents=True, exist_ok=True)
    output = var_dir / "output.txt"
    with output.open("wb") as target:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"], cwd=ROOT, env=environ, stdout=target, stderr=subprocess.STDOUT
        )
    return RealDesk(f"http://127.0.0.1:{web}", f"http://127.0.0.1:{engine}", var_dir, environ, process, output)


def wait_until_ready(desk: RealDesk, seconds: float = READY_S) -> float:
    """Wait for `/readyz`; give the seconds it took. Fails with what the desk printed."""
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        if desk.process.poll() is not None:
            break
        try:
            if httpx.get(f"{desk.web_url}/readyz", timeout=3, trust_env=False).status_code == 200:
                return time.monotonic() - began
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"the desk isn't ready after {seconds} s:\n{desk.output.read_text()}")


def stop_desk(desk: RealDesk, number: signal.Signals = signal.SIGTERM) -> float:
    """Stop it and see that none of its processes is left; give the seconds it took."""
    if desk.process.poll() is not None:
        return 0.0
    children = psutil.Process(desk.process.pid).children(recursive=True)
    began = time.monotonic()
    desk.process.send_signal(number)
    try:
        desk.process.wait(STOP_S)
    finally:
        desk.process.kill()
        left = [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
        for child in left:
            child.kill()
    assert not left, f"processes were left behind: {[child.pid for child in left]}"
    return time.monotonic() - began


@pytest.fixture(scope="session")
def real_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealDesk]:
    """One real desk for all tests of a run: conversations keep apart by their ids."""
    desk = start_desk(tmp_path_factory.mktemp("real-desk"), MESSAGES_MINUTE="600", CONVERSATIONS_HOUR="6000")
    try:
        wait_until_ready(desk)
        yield desk
    finally:
        stop_desk(desk)
