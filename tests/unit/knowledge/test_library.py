from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.company import Company, CompanyFileError
from bot.knowledge.library import PolicyLibrary, UnknownCompanyError


class Ticks:
    """A clock of seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def write(folder: Path, name: str, policy: str = "1. 目的\n\n利用します。\n") -> None:
    folder.mkdir(exist_ok=True)
    (folder / "company.yml").write_text(name, encoding="utf-8")
    (folder / "policy.md").write_text(policy, encoding="utf-8")


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def library(tmp_path: Path, ticks: Ticks) -> PolicyLibrary:
    write(tmp_path / "acme", "name: 甲社\n")
    return PolicyLibrary(tmp_path, ticks)


def test_ids_are_the_folders_with_a_company_file(library: PolicyLibrary, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "bravo", "name: 乙社\n")
    assert library.ids() == ["acme", "bravo"]


def test_an_unknown_company(library: PolicyLibrary) -> None:
    for wrong in ("bravo", "../acme", ""):
        with pytest.raises(UnknownCompanyError):
            library.get(wrong)


def test_a_changed_file_is_noticed_after_a_second_and_not_before(
    library: PolicyLibrary, tmp_path: Path, ticks: Ticks
) -> None:
    before = library.get("acme")
    (tmp_path / "acme" / "policy.md").write_text("1. 変更後の目的\n\n利用します。\n", encoding="utf-8")
    ticks.now = 0.5
    assert library.get("acme") is before
    ticks.now = 1.5
    assert library.get("acme").policy.version != before.policy.version


def test_an_unchanged_file_is_not_read_again(library: PolicyLibrary, ticks: Ticks) -> None:
    before = library.get("acme")
    ticks.now = 100
    assert library.get("acme") is before


def test_a_broken_new_version_keeps_the_old_one_and_is_logged(
    library: PolicyLibrary, tmp_path: Path, ticks: Ticks, caplog: pytest.LogCaptureFixture
) -> None:
    before = library.get("acme")
    (tmp_path / "acme" / "company.yml").write_text("nmae: 甲社\n", encoding="utf-8")
    ticks.now = 2
    assert library.get("acme") is before
    assert "nmae" in caplog.text or "name" in caplog.text
    (tmp_path / "acme" / "company.yml").write_text("name: 新甲社\n", encoding="utf-8")
    ticks.now = 4
    assert library.get("acme").name == "新甲社"


def test_a_new_version_that_the_parser_stumbles_over_keeps_the_old_one(
    library: PolicyLibrary, tmp_path: Path, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(folder: Path) -> Company:
        raise ValueError(f"no number in {folder}")

    before = library.get("acme")
    write(tmp_path / "acme", "name: 新甲社\n")
    monkeypatch.setattr("bot.knowledge.library.load_company", stumble)
    ticks.now = 2
    assert library.get("acme") is before


def test_a_first_version_that_is_broken_is_refused(library: PolicyLibrary, tmp_path: Path) -> None:
    write(tmp_path / "bravo", "nmae: 乙社\n")
    with pytest.raises(CompanyFileError):
        library.get("bravo")


def test_a_company_that_was_taken_away_is_unknown(library: PolicyLibrary, tmp_path: Path, ticks: Ticks) -> None:
    library.get("acme")
    (tmp_path / "acme" / "company.yml").unlink()
    ticks.now = 2
    with pytest.raises(UnknownCompanyError):
        library.get("acme")


def test_a_folder_without_its_company_file_is_told_apart_from_none(library: PolicyLibrary, tmp_path: Path) -> None:
    half_made = tmp_path / "half"
    half_made.mkdir()
    assert library.missing_file("half") == half_made / "company.yml"
    (half_made / "company.yml").write_text("name: 甲\n", encoding="utf-8")
    assert library.missing_file("half") is None
    assert library.missing_file("nobody") is None
