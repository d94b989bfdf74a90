from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.understanding.result import Question, Understanding, Wish


def understood(*ranking: tuple[str, float]) -> Understanding:
    return Understanding("x", ranking[0][0], ranking[0][1], ranking)


def test_it_survives_the_way_through_json() -> None:
    whole = Understanding(
        "何に使う?",
        "ask_policy",
        0.9,
        (("ask_policy", 0.9),),
        (Question("何に使う?", (("purposes", 0.8),)), Question("7条", (), (7,))),
        "ja",
        (Wish("request_erasure", "消して", 0.9),),
    )

    assert Understanding.from_dict(json.loads(json.dumps(whole.as_dict()))) == whole
    assert whole.topics == (("purposes", 0.8),)


@pytest.mark.parametrize(
    ("ranking", "close"),
    [
        ((("request_erasure", 0.5), ("request_stop_use", 0.4)), ("request_erasure", "request_stop_use")),
        ((("request_erasure", 0.9), ("request_stop_use", 0.05)), ()),
        ((("request_erasure", 0.5), ("ask_policy", 0.4)), ()),
        ((("request_erasure", 1.0),), ()),
    ],
)
def test_two_near_kinds_of_request_call_for_a_question(
    ranking: tuple[tuple[str, float], ...], close: tuple[str, ...]
) -> None:
    assert understood(*ranking).close_requests == close


def test_a_request_that_stands_plainly_calls_for_no_question() -> None:
    near = understood(("request_erasure", 0.8), ("request_stop_use", 0.7))
    assert replace(near, wishes=(Wish("request_erasure", "消して", 0.8),)).close_requests == ()


def test_what_was_kept_before_there_were_wishes_is_read() -> None:
    kept = understood(("request_erasure", 0.8)).as_dict()
    del kept["wishes"]
    assert Understanding.from_dict(kept).wishes == ()
