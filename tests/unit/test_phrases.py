"""Every phrase is said somewhere, and everything said is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.services.phrases import Phrasebook
from bot.settings import ROOT

_SAYING = {"say", "text", "refuse"}
_SPEAKERS = ("phrases", "form", "self")
_NAME = re.compile("[a-z][a-z0-9_]*")
_TEMPLATE_NAME = re.compile(r'"([a-z]+_[a-z0-9_]*)"(\s*~)?')
FOLDERS = sorted(path for path in (ROOT / "data" / "responses").iterdir() if path.is_dir())


def _sources() -> Iterator[ast.AST]:
    for folder in ("bot", "actions"):
        for path in (ROOT / folder).rglob("*.py"):
            yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _patterns() -> Iterator[str]:
    """Names in full as they stand in the code, and what an f-string may become if it begins like a name."""
    for node in _sources():
        if joined := _joined(node):
            yield joined
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _NAME.fullmatch(node.value):
            yield re.escape(node.value)
        if isinstance(node, ast.JoinedStr):
            parts: list[str | None] = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            if parts[0] and _NAME.fullmatch(parts[0]) and "_" in parts[0]:
                yield "".join("[a-z0-9_]+" if part is None else re.escape(part) for part in parts)


def _in_templates() -> Iterator[str]:
    """What the console's templates name: in full, or as `say("name_" ~ …)`."""
    for path in (ROOT / "bot" / "console" / "templates").glob("*.html"):
        for name, joined in _TEMPLATE_NAME.findall(path.read_text(encoding="utf-8")):
            yield f"{name}[a-z0-9_]+" if joined else name


def _joined(node: ast.AST) -> str | None:
    """What `"check_" + severity` may become."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.left, ast.Constant):
        start = node.left.value
        return f"{start}[a-z0-9_]+" if isinstance(start, str) and re.fullmatch("[a-z]+_", start) else None
    return None


def _said() -> Iterator[str]:
    """The names that calls like `phrases.say("…")` give in full; they have an underscore, all but a few."""
    for node in _sources():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SAYING:
            if not ast.unparse(node.func.value).endswith(_SPEAKERS):
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and "_" in first.value:
                yield first.value


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_phrase_is_unused(folder: Path) -> None:
    used = re.compile("|".join(f"(?:{pattern})" for pattern in {*_patterns(), *_in_templates()}))
    unused = [name for name in Phrasebook.load(folder).names() if not used.fullmatch(name)]
    assert not unused


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_is_said_that_is_not_there(folder: Path) -> None:
    names = Phrasebook.load(folder).names()
    assert not [name for name in set(_said()) if _NAME.fullmatch(name) and name not in names]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_text_stands_twice(folder: Path) -> None:
    phrases = Phrasebook.load(folder)
    texts: dict[str, list[str]] = {}
    for name in sorted(phrases.names()):
        filled = {field: f"{{{field}}}" for field in phrases.fields(name)}
        text = phrases.text(name, **filled)
        if len(text) > 20:
            texts.setdefault(text, []).append(name)
    assert not [names for names in texts.values() if len(names) > 1]
