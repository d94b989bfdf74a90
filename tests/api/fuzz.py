"""Let schemathesis try each public API against its document: `python -m tests.api.fuzz [examples]`.

Schemathesis needs a newer jsonschema than Rasa allows, so it lives in a tool environment of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot.privacy.handoff import PRIORITY, HandoffReason
from bot.services.clock import SystemClock
from bot.services.machines import MachineRegister, Scope
from bot.services.records import Conversation, Handoff
from bot.services.webhook_targets import WebhookRules
from bot.settings import ROOT
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.browser.desk_process import SECRET_KEY, DeskProcess
from tests.ports import free_port
from tests.records import data_subject_request

VERSION = "schemathesis==4.30.1"
TOOLS = ROOT / ".tools" / "schemathesis"
DOCUMENTS = ROOT / "docs" / "api"
CASES = 40


@dataclass(frozen=True)
class Run:
    """One run of schemathesis: a document, the credentials, and which of its operations."""

    document: Path
    bearer: str
    operations: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()


def main() -> int:
    """Run against a desk of our own; 0 if nothing was found."""
    examples = sys.argv[1] if len(sys.argv) > 1 else "50"
    command = _tool()
    with tempfile.TemporaryDirectory() as folder:
        desk = DeskProcess(free_port(), Path(folder), settings={"MACHINE_CALLS_MINUTE": "1000000"})
        desk.start()
        try:
            return max(_run(command, desk, make(desk), examples) for make in (_chat, _chat_endings, _machines))
        finally:
            desk.kill()


# What ends a conversation would leave nothing to try for what comes after it; a stream has no end to wait for.
def _chat(desk: DeskProcess) -> Run:
    # The token comes with every request here, and resuming needs none.
    return Run(DOCUMENTS / "web.openapi.yaml", _token(desk), ("start", "send", "transcript"), ("ignored_auth",))


def _chat_endings(desk: DeskProcess) -> Run:
    return Run(DOCUMENTS / "web.openapi.yaml", _token(desk), ("end", "erase"), ("ignored_auth",))


def _token(desk: DeskProcess) -> str:
    return str(httpx.post(f"{desk.url}/chat/conversations", json={"company": "okura"}).json()["token"])


def _machines(desk: DeskProcess) -> Run:
    """Give a key, cases and a request to try it on, their ids being in a copy of the document."""
    store, clock = (
        SqlStore(f"sqlite:///{desk.folder / 'madoguchi.db'}", Vault(SECRET_KEY), SystemClock()),
        SystemClock(),
    )
    cases = [_case(store, f"fuzzed-{number}") for number in range(CASES)]
    with store.transaction() as tx:
        tx.requests.add(data_subject_request("r1"))
    key = MachineRegister(store, store.vault, clock, WebhookRules(strict=True)).add(
        "a fuzzer", "okura", Scope.WORK, None, "operator"
    )
    store.close()
    document: dict[str, Any] = yaml.safe_load((DOCUMENTS / "machines.openapi.yaml").read_text(encoding="utf-8"))
    document["components"]["parameters"]["HandoffId"]["schema"] = {"enum": [*cases, "nobody"]}
    document["paths"]["/api/v1/requests/{id}"]["parameters"][0]["schema"] = {"enum": ["r1", "OK-r1", "nobody"]}
    copy = desk.folder / "machines.openapi.yaml"
    copy.write_text(yaml.safe_dump(document), encoding="utf-8")
    return Run(copy, key.key)


def _case(store: SqlStore, name: str) -> str:
    now = SystemClock().now()
    with store.transaction() as tx:
        tx.conversations.add(Conversation(name, "web", "okura", now, now, owner="staff"))
        reason = HandoffReason.ASKED
        return tx.handoffs.add(Handoff(name, "okura", name, reason, "waiting", PRIORITY[reason], now)).id


def _tool() -> Path:
    command = TOOLS / "bin" / "schemathesis"
    if not command.exists():
        print(f"Fetching {VERSION} into .tools (once) …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
        pip = [str(TOOLS / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", VERSION]
        subprocess.run(pip, check=True)
    return command


def _run(command: Path, desk: DeskProcess, run: Run, examples: str) -> int:
    wanted = [part for operation in run.operations for part in ("--include-operation-id", operation)]
    line = [str(command), "run", str(run.document), "--url", desk.url, "-H", f"Authorization: Bearer {run.bearer}"]
    line += [*wanted, "--max-examples", examples, "--seed", "1", "--phases", "examples,coverage,fuzzing", "--no-color"]
    line += [part for check in run.unchecked for part in ("--exclude-checks", check)]
    return subprocess.run([*line, "--warnings", "off"], cwd=desk.folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
