"""Pictures are there to be seen."""

from __future__ import annotations

import re

from bot.settings import ROOT


def test_every_picture_is_shown_by_a_page_and_every_page_has_its_pictures() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    shown = set(re.findall(r"images/([\w-]+\.(?:png|svg))", pages))
    assert shown == {path.name for path in (ROOT / "docs" / "images").iterdir()}
