"""The signs of a second question are learned from messages, where each may be cut in several ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.nlu.cuts import MESSAGES, Message, learn, read_messages
from bot.understanding.parts import cuts
from bot.understanding.questions import BIAS, Candidate, read_weights, weigh

TWO, ONE = frozenset({"fees", "contact"}), frozenset({"fees"})


def candidate(topics: tuple[str, str], clear: float, listed: float) -> Candidate:
    signs = {"clear on the left": clear, "clear on the right": clear, "in the whole": clear, "listed": listed}
    return Candidate(cuts("費用と番号")[0], topics, signs, (None, None))


def messages() -> list[Message]:
    right, wrong = ("fees", "contact"), ("fees", "purposes")
    asking_two = [
        Message("", TWO, (candidate(wrong, -3.0 - n / 10, 1.0), candidate(right, -0.1, 1.0))) for n in range(9)
    ]
    asking_one = [Message("", ONE, (candidate(wrong, -2.0 + n / 10, 0.0),)) for n in range(9)]
    return asking_two + asking_one


def test_the_right_pair_of_questions_outweighs_the_wrong_ones() -> None:
    weights = learn(messages())

    assert all(one.best(weights) > (0.0, True) for one in messages() if one.topics == TWO)
    assert all(one.best(weights)[0] < 0.0 for one in messages() if one.topics == ONE)


def test_what_is_not_cut_asks_one_thing() -> None:
    assert Message("何年ですか", ONE).best({BIAS: 9.0}) == (float("-inf"), False)


def test_two_topics_are_joined_by_a_plus(tmp_path: Path) -> None:
    path = tmp_path / "questions.tsv"
    path.write_text("fees+contact\t費用と番号は\nfees\t費用は\n", encoding="utf-8")

    assert [(one.topics, one.text) for one in read_messages(path)] == [(TWO, "費用と番号は"), (ONE, "費用は")]


@pytest.mark.parametrize(("asked", "least"), [(1, 800), (2, 600)])
def test_the_messages_learned_from_are_many(asked: int, least: int) -> None:
    assert sum(len(one.topics) == asked for one in read_messages(MESSAGES)) >= least


def test_an_interrogative_on_either_side_speaks_for_two() -> None:
    weights = read_weights()

    assert weigh(dict.fromkeys(weights, 0.0) | {"asked twice": 1.0}, weights) > weigh(
        dict.fromkeys(weights, 0.0), weights
    )
