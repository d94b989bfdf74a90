"""The measures of the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.nlu.scoring import Judged, Share, by_group, confused, macro_f1
from bench.nlu.sets import Row, read_rows

HEAD = "intent\ttopic\tstyle\ttext\n"


def judged(labels: set[str], given: str, *offered: str) -> Judged:
    return Judged(Row(2, "x", "plain", frozenset(labels), ()), given, offered)


def test_the_interval_is_wilsons() -> None:
    assert Share(8, 10).interval == pytest.approx((0.490, 0.943), abs=0.001)
    assert Share(10, 10).interval[1] == pytest.approx(1)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_a_set_names_every_right_answer(tmp_path: Path) -> None:
    path = tmp_path / "set.tsv"
    path.write_text(
        HEAD + 'ask_policy\tfees|contact\tplain\t"いくら\ncomplain|report_leak\t\tangry\tひどい\n'
        "ask_policy\tfees+contact\tkana\tいくら どこ\n",
        encoding="utf-8",
    )

    quoted, two_intents, two_questions = read_rows(path)

    assert quoted.text == '"いくら'
    assert quoted.labels == {"ask_policy.fees", "ask_policy.contact"}
    assert (two_intents.labels, two_intents.group) == ({"complain", "report_leak"}, "dialogue")
    assert (two_questions.topics, two_questions.group, two_questions.line) == (("fees", "contact"), "topics", 4)


def test_a_confirming_question_counts_where_it_offers_the_right_kind() -> None:
    figures = by_group(
        [
            judged({"request_erasure"}, "request_erasure"),
            judged({"request_erasure"}, "request_stop_use", "request_stop_use", "request_erasure"),
            judged({"request_erasure"}, "out_of_scope"),
        ]
    )

    assert str(figures["requests: kind"]).endswith("1/3)")
    assert str(figures["requests: kind, or offered by a confirming question"]).endswith("2/3)")
    assert str(figures["good questions and requests refused"]).endswith("1/3)")


def test_mistakes_are_counted_by_what_was_meant() -> None:
    mistaken = [judged({"greet"}, "thank"), judged({"greet", "thank"}, "thank")]

    assert confused(mistaken) == {("greet", "thank"): 1}
    assert macro_f1([judged({"greet"}, "greet"), judged({"thank"}, "thank")]) == 1.0
    assert macro_f1(mistaken) < 1.0
