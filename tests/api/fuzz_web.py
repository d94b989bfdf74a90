"""Let schemathesis try the website's API against its document: `python -m tests.api.fuzz_web [examples]`.

Schemathesis needs a newer jsonschema than Rasa allows, so it lives in a tool environment of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from bot.settings import ROOT
from tests.browser.desk_process import DeskProcess, free_port

VERSION = "schemathesis==4.30.1"
TOOLS = ROOT / ".tools" / "schemathesis"
DOCUMENT = ROOT / "docs" / "api" / "web.openapi.yaml"

# What ends a conversation would leave nothing to try for what comes after it; a stream has no end to wait for.
RUNS = (("start", "send", "transcript"), ("end", "erase"))


def main() -> int:
    """Run against a desk of our own; 0 if nothing was found."""
    examples = sys.argv[1] if len(sys.argv) > 1 else "50"
    command = _tool()
    with tempfile.TemporaryDirectory() as folder:
        desk = DeskProcess(free_port(), Path(folder))
        desk.start()
        try:
            return max(_run(command, desk, operations, examples) for operations in RUNS)
        finally:
            desk.kill()


def _tool() -> Path:
    command = TOOLS / "bin" / "schemathesis"
    if not command.exists():
        print(f"Fetching {VERSION} into .tools (once) …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
        pip = [str(TOOLS / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", VERSION]
        subprocess.run(pip, check=True)
    return command


def _run(command: Path, desk: DeskProcess, operations: tuple[str, ...], examples: str) -> int:
    token = httpx.post(f"{desk.url}/chat/conversations", json={"company": "okura"}).json()["token"]
    wanted = [part for operation in operations for part in ("--include-operation-id", operation)]
    line = [str(command), "run", str(DOCUMENT), "--url", desk.url, "-H", f"Authorization: Bearer {token}", *wanted]
    line += ["--max-examples", examples, "--seed", "1", "--phases", "examples,coverage,fuzzing", "--no-color"]
    # The token comes with every request here, and resuming needs none.
    line += ["--exclude-checks", "ignored_auth", "--warnings", "off"]
    return subprocess.run(line, cwd=desk.folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
