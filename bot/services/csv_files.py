"""CSV files that other systems wrote."""

from __future__ import annotations

import codecs
from pathlib import Path

from bot.errors import MadoguchiError

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .xls begin."""


class CsvFileError(MadoguchiError):
    """A CSV file can't be read at all; the text says why."""


def file_encoding(path: Path) -> str:
    """Tell UTF-8 (with or without a byte order mark) from CP932, by reading it all."""
    if _begins(path, *_WORKBOOKS):
        raise CsvFileError(f"{path}: is an Excel workbook; save it as CSV there and give that")
    for encoding in ("utf-8", "cp932"):
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return "utf-8-sig" if _begins(path, codecs.BOM_UTF8) else encoding
    raise CsvFileError(f"{path}: is neither UTF-8 nor CP932")


def _begins(path: Path, *marks: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(max(map(len, marks))).startswith(marks)
    except OSError as error:
        raise CsvFileError(f"{path}: {error.strerror or error}") from error
