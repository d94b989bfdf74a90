"""CSV files that other systems wrote."""

from __future__ import annotations

import codecs
from pathlib import Path

from bot.errors import MadoguchiError


class CsvFileError(MadoguchiError):
    """A CSV file can't be read at all; the text says why."""


def file_encoding(path: Path) -> str:
    """Tell UTF-8 (with or without a byte order mark) from CP932, by reading it all."""
    for encoding in ("utf-8", "cp932"):
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        except OSError as error:
            raise CsvFileError(f"{path}: {error.strerror or error}") from error
        return "utf-8-sig" if _marked(path) else encoding
    raise CsvFileError(f"{path}: is neither UTF-8 nor CP932")


def _marked(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
