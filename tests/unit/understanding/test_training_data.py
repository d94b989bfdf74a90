from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.settings import ROOT
from bot.understanding.text import normalise
from bot.understanding.training_data import Example, read_examples

FILE = """
version: "3.1"
nlu:
- intent: ask_policy
  metadata: {topic: fees}
  examples: |
    - いくら
- intent: greet
  examples: |
    - こんにちは
"""


def test_a_file_of_rasas_form_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(FILE, encoding="utf-8")

    assert read_examples(tmp_path) == [Example("いくら", "ask_policy", "fees"), Example("こんにちは", "greet")]
    assert read_examples(tmp_path)[0].label == "ask_policy.fees"


@pytest.mark.parametrize(
    "content", ["nlu: 3", "nlu:\n- intent: greet\n  metadata: {topic: fees}\n  examples: |\n    - x\n", "a: ["]
)
def test_a_bad_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "bad.yml").write_text(content, encoding="utf-8")

    with pytest.raises(SettingError, match=r"bad\.yml"):
        read_examples(tmp_path)


def test_no_utterance_stands_twice() -> None:
    counts = Counter(normalise(example.text) for example in read_examples(ROOT / "data" / "nlu"))

    assert [text for text, count in counts.items() if count > 1] == []


def test_every_label_has_enough_utterances_and_out_of_scope_many() -> None:
    counts = Counter(example.label for example in read_examples(ROOT / "data" / "nlu"))

    assert min(counts.values()) >= 40
    assert counts["out_of_scope"] >= 500
    requests = {label: count for label, count in counts.items() if label.startswith("request_")}
    assert min(requests.values()) >= 80 or {k for k, v in requests.items() if v < 80} <= {
        "request_provision_records",
        "request_purpose_notification",
    }
