"""The trained understanding, learned once for all tests of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT, load_settings
from bot.supervisor.training import current_model
from bot.understanding import vectors
from bot.understanding.model import Understander, load_model
from bot.understanding.training_data import read_examples

TRAINING = ROOT / "data" / "nlu"


@pytest.fixture(scope="session")
def understander(pytestconfig: pytest.Config) -> Understander:
    """Take the model in force where it is of this data and code, else learn them, once for all runs and workers."""
    settings = load_settings()
    if current_model(settings):
        return load_model(settings.model_dir)
    kept = pytestconfig.cache.mkdir("understanding") / f"{_fingerprint()}.joblib"
    if not kept.exists():
        own = kept.with_suffix(f".{os.getpid()}")
        Understander.fit(read_examples(TRAINING)).save(own)
        own.replace(kept)
    return Understander.load(kept)


def _fingerprint() -> str:
    digest = hashlib.sha256(str(vectors.available()).encode())
    for path in _sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    yield from sorted((ROOT / "bot" / "understanding").glob("*.py"))
    yield from sorted(TRAINING.rglob("*.yml"))
