"""What the desk says: texts from `data/responses/<language>/*.yml`, so that no prose stands in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from bot.errors import SettingError


@dataclass(frozen=True)
class Button:
    """A choice offered; pressing it sends `payload`, the plain sentence that a customer would type."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message of the desk; `body` carries what a channel may show better than text (passages, links, field).

    An `excuse` stands for an answer that the engine didn't give in time.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    excuse: bool = False

    def with_body(self, **more: Any) -> Reply:
        """Add to the body."""
        return replace(self, body={**self.body, **more})

    def with_buttons(self, buttons: Sequence[Button]) -> Reply:
        """Replace the buttons."""
        return replace(self, buttons=tuple(buttons))


@dataclass(frozen=True)
class _Phrase:
    text: str
    buttons: tuple[Button, ...]

    @cached_property
    def fields(self) -> frozenset[str]:
        """The names that the text needs."""
        texts = [self.text, *(button.title for button in self.buttons), *(button.payload for button in self.buttons)]
        return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


class Phrasebook:
    """All phrases of one language by name."""

    def __init__(self, phrases: Mapping[str, _Phrase]) -> None:
        self._phrases = dict(phrases)

    @classmethod
    def load(cls, folder: Path) -> Phrasebook:
        """Read every file of a language's folder; raise SettingError naming a bad file, or a name used twice."""
        phrases: dict[str, _Phrase] = {}
        for path in sorted(folder.glob("*.yml")):
            for name, phrase in _read_file(path).items():
                if name in phrases:
                    raise SettingError(f"{path}: the phrase {name!r} stands in two files; keep one")
                phrases[name] = phrase
        if not phrases:
            raise SettingError(f"{folder}: no phrases found; a language is a folder of .yml files")
        return cls(phrases)

    def names(self) -> frozenset[str]:
        """Every phrase there is."""
        return frozenset(self._phrases)

    def fields(self, name: str) -> frozenset[str]:
        """The names a phrase fills in."""
        return self._phrases[name].fields

    def say(self, name: str, **values: object) -> Reply:
        """Fill in a phrase; a missing phrase or value is a programming error and raises KeyError."""
        phrase = self._phrases[name]
        buttons = tuple(
            Button(button.title.format(**values), button.payload.format(**values)) for button in phrase.buttons
        )
        return Reply(phrase.text.format(**values), buttons)

    def text(self, name: str, **values: object) -> str:
        """Fill in a phrase and take its text alone (labels, parts of other phrases, e-mails)."""
        return self.say(name, **values).text


def _read_file(path: Path) -> dict[str, _Phrase]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {name: _read_phrase(value) for name, value in content.items()}
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise SettingError(f"{path}: not a file of phrases ({error})") from error


def _read_phrase(value: Any) -> _Phrase:
    """A phrase is a text, or `{text, buttons}`; a button is a text, or `{title, payload}`."""
    if isinstance(value, str):
        return _Phrase(value.strip(), ())
    buttons = tuple(
        Button(item, item) if isinstance(item, str) else Button(item["title"], item["payload"])
        for item in value.get("buttons", ())
    )
    return _Phrase(str(value["text"]).strip(), buttons)
