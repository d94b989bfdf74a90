"""The trained understanding, learned once for all tests of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.understanding import vectors
from bot.understanding.model import Understander
from bot.understanding.training_data import read_examples

TRAINING = ROOT / "data" / "nlu"


@pytest.fixture(scope="session")
def understander(pytestconfig: pytest.Config) -> Understander:
    """Train on the whole training data; the same data and code are not learned again in the next run or worker."""
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
