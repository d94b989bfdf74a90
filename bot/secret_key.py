"""The root of all keys that a start in development makes for itself."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

FILE_NAME = "secret_key"


def kept_key(folder: Path) -> str:
    """Give the key kept in a folder; the first who asks makes it, of 32 random bytes in hexadecimal."""
    kept = folder / FILE_NAME
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write_once(kept, secrets.token_hex(32))
    return kept.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    """Write a file that several starting processes may want to write; the first wins."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
