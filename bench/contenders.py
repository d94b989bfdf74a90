"""The two bots under measurement: what `rasa init` gives, and the desk."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load import Target, run_conversation
from bench.processes import BenchError, Running, start
from bot.settings import ROOT, load_settings
from bot.supervisor.parts import environment
from bot.supervisor.training import current_model
from tests.ports import free_port

STOCK_MESSAGES = ("hi", "great", "hello", "sad", "yes", "hey", "unhappy", "no", "bye", "are you a bot?")
"""Every branch of moodbot, as its own training examples say it."""

OUR_MESSAGES = (
    "うちの車の情報ってどこの会社に渡ってるの？",
    "リコールのときはどうなる？",
    "個人情報を何に使っていますか",
    "どんな情報を集めていますか",
    "セキュリティ対策はどうしていますか",
    "共同利用の責任者は誰ですか",
    "間違って漏れないように社員教育はしていますか",
    "使わなくなった情報はどう捨てていますか",
    "第三者に渡すのはどんなとき？",
    "問い合わせの窓口の電話番号は",
)

_STOCK_ENDPOINTS = """tracker_store:
  type: SQL
  dialect: sqlite
  db: {database}
"""


@dataclass(frozen=True)
class Contender:
    """A bot that answers: its engine first among its processes."""

    name: str
    target: Target
    processes: tuple[Running, ...]
    ready_s: float

    @property
    def engine_rss_mb(self) -> float:
        """Memory of the process that holds Rasa, in MB."""
        return self.processes[0].rss_mb

    @property
    def rss_mb(self) -> float:
        """Memory of all its processes, in MB."""
        return sum(process.rss_mb for process in self.processes)


@contextmanager
def stock(work: Path) -> Iterator[Contender]:
    """Run the bot of `rasa init` with the SQLite tracker store; it is made and trained at first use."""
    project = work / "stock"
    if not list((project / "models").glob("*.tar.gz")):
        _make_stock(project)
    database = work / "stock.db"
    database.unlink(missing_ok=True)
    (project / "endpoints.yml").write_text(_STOCK_ENDPOINTS.format(database=database))
    port = free_port()
    arguments = ["-m", "rasa", "run", "-i", "127.0.0.1", "--port", str(port)]
    engine = start("stock", arguments, project, work / "stock.log", _environ())
    with _answering("stock (rasa init)", port, (engine,), STOCK_MESSAGES, {}, _says_something) as contender:
        yield contender


@contextmanager
def desk(work: Path, engine_command: tuple[str, ...] = ("-m", "bot.engine")) -> Iterator[Contender]:
    """Run the desk's engine and action server over a fresh SQLite file."""
    if current_model(load_settings()) is None:
        raise BenchError("no trained model matches the data: run `make train`")
    for leftover in work.glob("desk/madoguchi.db*"):
        leftover.unlink()
    engine_port, action_port = free_port(), free_port()
    environ = _environ(VAR_DIR=str(work / "desk"), ENGINE_PORT=str(engine_port), ACTION_PORT=str(action_port))
    _migrate(environ)
    engine = start("engine", engine_command, ROOT, work / "engine.log", environ)
    actions = start("actions", ["-m", "actions"], ROOT, work / "actions.log", environ)
    company = {"company": "okura"}
    with _answering("madoguchi", engine_port, (engine, actions), OUR_MESSAGES, company, _quotes_policy) as contender:
        yield contender


@contextmanager
def _answering(
    name: str,
    port: int,
    processes: tuple[Running, ...],
    messages: tuple[str, ...],
    metadata: dict[str, Any],
    is_answer: Any,
) -> Iterator[Contender]:
    address = f"http://127.0.0.1:{port}/webhooks/rest"
    target = Target(f"{address}/webhook", messages, metadata, is_answer)
    try:
        processes[0].wait_for(f"{address}/")
        # Ready is who answers a message, not who accepts a connection.
        run_conversation(target, 1)
        yield Contender(name, target, processes, time.monotonic() - processes[0].started)
    finally:
        for process in processes:
            process.stop()


def _says_something(replies: list[dict[str, Any]]) -> bool:
    return bool(replies)


def _quotes_policy(replies: list[dict[str, Any]]) -> bool:
    return any("個人情報保護方針" in reply.get("text", "") for reply in replies)


def _environ(**more: str) -> dict[str, str]:
    return {**environment(), **more}


def _make_stock(project: Path) -> None:
    print(f"making and training the stock bot of `rasa init` in {project} (once, a few minutes) …", flush=True)
    project.mkdir(parents=True, exist_ok=True)
    log = project.with_suffix(".train.log")
    with log.open("wb") as output:
        made = subprocess.run(
            [sys.executable, "-m", "rasa", "init", "--no-prompt", "--init-dir", str(project)],
            env=_environ(),
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if made.returncode or not list((project / "models").glob("*.tar.gz")):
        raise BenchError(f"the stock bot could not be made; see {log}")


def _migrate(environ: dict[str, str]) -> None:
    migrated = subprocess.run(
        [sys.executable, "-m", "bot.cli", "migrate"], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if migrated.returncode:
        raise BenchError(f"the desk's database could not be made: {migrated.stderr.strip()}")
