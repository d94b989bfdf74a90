from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.services.phrases import Button, Phrasebook, Reply

HELLO = """
hello:
  text: |
    {company}です。
  buttons:
    - はい
    - title: '{company}へ'
      payload: '{company}に電話する'
"""


def book(folder: Path, **files: str) -> Phrasebook:
    for name, content in files.items():
        (folder / f"{name}.yml").write_text(content, encoding="utf-8")
    return Phrasebook.load(folder)


def test_a_phrase_is_filled_in_with_its_buttons(tmp_path: Path) -> None:
    phrases = book(tmp_path, desk=HELLO)
    assert phrases.say("hello", company="大蔵") == Reply(
        "大蔵です。", (Button("はい", "はい"), Button("大蔵へ", "大蔵に電話する"))
    )
    assert phrases.text("hello", company="大蔵") == "大蔵です。"
    assert phrases.fields("hello") == {"company"}
    assert phrases.names() == {"hello"}


def test_a_missing_phrase_or_value_is_an_error_of_ours(tmp_path: Path) -> None:
    phrases = book(tmp_path, desk="hello: '{company}です。'")
    with pytest.raises(KeyError, match="bye"):
        phrases.say("bye")
    with pytest.raises(KeyError, match="company"):
        phrases.say("hello")


def test_what_customers_wrote_is_never_taken_for_a_place_to_fill_in(tmp_path: Path) -> None:
    phrases = book(tmp_path, desk="echo: '「{said}」ですね。'")
    assert phrases.text("echo", said="{company} {0} {said.__class__}") == "「{company} {0} {said.__class__}」ですね。"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("- a list", "not a file of phrases"),
        ("hello:\n  buttons: [はい]", "text"),
        ("hello: [", "not a file of phrases"),
        ("hello:\n  text: a\n  buttons:\n    - {title: はい}", "payload"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, content: str, named: str) -> None:
    with pytest.raises(SettingError, match=named) as caught:
        book(tmp_path, bad=content)
    assert "bad.yml" in str(caught.value)


def test_a_phrase_stands_in_one_file_only(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="'hello' stands in two files"):
        book(tmp_path, one="hello: a", two="hello: b")


def test_a_language_without_phrases_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="no phrases found"):
        Phrasebook.load(tmp_path / "xx")


def test_a_reply_gains_a_body_and_changes_its_buttons() -> None:
    reply = Reply("はい", (Button("a", "a"),)).with_body(kind="answer").with_buttons([])
    assert reply == Reply("はい", (), {"kind": "answer"})
