"""The handbook speaks of what is on the screen."""

from __future__ import annotations

import re

from bot.settings import ROOT

HANDBOOK = ROOT / "docs" / "handbook.ja.md"
TEXT = HANDBOOK.read_text(encoding="utf-8")
OF_OTHERS = {"password", "自分の情報を見せてほしい"}
"""Quoted, and no label of a page."""


def shown() -> str:
    """All words that the console can show."""
    pages = sorted((ROOT / "bot" / "console" / "templates").glob("*.html"))
    words = sorted((ROOT / "data" / "responses" / "ja").glob("*.yml"))
    return "\n".join(path.read_text(encoding="utf-8") for path in (*pages, *words))


def test_every_label_it_quotes_is_on_a_page() -> None:
    quoted = {label for label in re.findall("「([^」]+)」", TEXT) if "…" not in label} - OF_OTHERS
    assert len(quoted) > 40
    screen = shown()
    assert sorted(label for label in quoted if label not in screen) == []


def test_every_picture_is_there_and_every_picture_is_shown() -> None:
    named = set(re.findall(r"images/(console-[a-z-]+\.png)", TEXT))
    assert named == {path.name for path in (ROOT / "docs" / "images").glob("console-*.png")}


def test_every_entry_of_its_contents_leads_to_a_section() -> None:
    headings = {heading.replace(" ", "-") for heading in re.findall(r"^## (.+)$", TEXT, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) == headings
