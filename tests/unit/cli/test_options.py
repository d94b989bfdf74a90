"""What several commands share."""

from pathlib import Path

from bot.cli.options import no_company
from bot.knowledge.library import PolicyLibrary


def test_a_company_that_is_half_made_is_told_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    library = PolicyLibrary(tmp_path)
    assert "company.yml is missing" in no_company(library, "acme", "COMPANY").message
    assert "no company 'ghost'" in no_company(library, "ghost", "COMPANY").message
