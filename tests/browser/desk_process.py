"""The scripted desk as a process of its own, which a test may kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.settings import ROOT

SECRET_KEY = "k" * 40


@dataclass
class DeskProcess:
    """The desk as a test starts, kills and restarts it."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    module: str = "tests.browser.desk_server"
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environ(self) -> dict[str, str]:
        """The environment that it starts in."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "VAR_DIR": str(self.folder),
            "WEB_PORT": str(self.port),
            "SECRET_KEY": SECRET_KEY,
            "MESSAGES_MINUTE": "100000",
            "CONVERSATIONS_HOUR": "100000",
            "LOG_LEVEL": "error",
            **self.settings,
        }

    def start(self) -> None:
        with (self.folder / "desk.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module], cwd=ROOT, env=self.environ(), stdout=log, stderr=log
            )
        self._wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def say(self, conversation: str, text: str, **more: Any) -> None:
        """Speak as staff."""
        told = {"conversation": conversation, "text": text, **more}
        httpx.post(f"{self.url}/backstage/say", json=told).raise_for_status()

    def script(self, **script: Any) -> None:
        """Write the engine's answers."""
        httpx.post(f"{self.url}/backstage/script", json=script).raise_for_status()

    def stored(self, conversation: str) -> list[dict[str, Any]]:
        """What the desk has of a conversation."""
        answer: list[dict[str, Any]] = httpx.get(f"{self.url}/backstage/messages/{conversation}").json()
        return answer

    def _wait(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/healthz").status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "desk.log").read_text())
