"""Pictures are there to be seen."""

from __future__ import annotations

import re

from bot.settings import ROOT


def test_every_picture_is_shown_by_a_page_and_every_page_has_its_pictures() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {name for page in pages for name in re.findall(r"images/([\w-]+\.(?:png|svg))", page.read_text(encoding="utf-8"))}
    assert shown == {path.name for path in (ROOT / "docs" / "images").iterdir()}
