from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.supervisor.training import TrainingDataError, check_training_data, current_model, fingerprint

FILES = ("config.yml", "domain.yml", "data/nlu/greet.yml", "data/nlu/policy/cookies.yml", "data/rules/handoff.yml")
CODE = ("bot/understanding/features.py", "bot/engine/nlu.py")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (*FILES, *CODE, "bot/engine/channels.py", "data/responses/ja/desk.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize("name", [*FILES, *CODE])
def test_whatever_the_model_is_made_of_changes_the_fingerprint(root: Path, name: str) -> None:
    before = fingerprint(root)
    (root / name).write_text("changed")
    assert fingerprint(root) != before


def test_a_renamed_and_a_new_file_change_the_fingerprint(root: Path) -> None:
    before = fingerprint(root)
    (root / "data/nlu/greet.yml").rename(root / "data/nlu/hello.yml")
    renamed = fingerprint(root)
    (root / "data/nlu/thank.yml").touch()
    assert len({before, renamed, fingerprint(root)}) == 3


@pytest.mark.parametrize("name", ["bot/engine/channels.py", "data/responses/ja/desk.yml"])
def test_what_the_model_does_not_know_of_changes_nothing(root: Path, name: str) -> None:
    before = fingerprint(root)
    (root / name).write_text("changed")
    (root / "bot/understanding/features.pyc").touch()
    assert fingerprint(root) == before


def test_a_library_or_the_optional_vectors_change_the_fingerprint(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(root)
    with monkeypatch.context() as changed:
        changed.setattr("bot.supervisor.training.version", lambda name: "0")
        other_libraries = fingerprint(root)
    monkeypatch.setattr("bot.supervisor.training.VECTORS", "a_package_that_is_not_there")
    assert len({before, other_libraries, fingerprint(root)}) == 3


def test_the_model_that_matches_becomes_the_newest(root: Path) -> None:
    settings = Settings(model_dir=root / "models")
    settings.model_dir.mkdir()
    assert current_model(settings, root) is None

    matching = settings.model_dir / f"{fingerprint(root)}.tar.gz"
    later = settings.model_dir / "0123456789abcdef.tar.gz"
    matching.touch()
    later.touch()
    os.utime(matching, (1, 1))

    assert current_model(settings, root) == matching
    assert max(settings.model_dir.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime) == matching


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"nlu:\n- intent: x\n   examples: |\n", r"data/nlu/greet\.yml, line 3: "), (b"\x83\x65", "not UTF-8")],
)
def test_a_broken_file_of_training_data_is_named_with_its_line(root: Path, content: bytes, said: str) -> None:
    check_training_data(root)
    (root / "data/nlu/greet.yml").write_bytes(content)
    with pytest.raises(TrainingDataError, match=said):
        check_training_data(root)
