from __future__ import annotations

import json

import pytest

from bot.understanding.result import Question, Understanding


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
