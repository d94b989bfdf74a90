from __future__ import annotations

from bot.knowledge.asking import topics_of_intent


def test_a_wish_has_the_topics_of_its_right() -> None:
    assert topics_of_intent("request_stop_marketing", (), "ハガキやめて")[0][0] == "marketing_opt_out"


def test_what_is_perhaps_a_question_is_guessed_by_its_words() -> None:
    likely = topics_of_intent("chitchat", (("ask_policy", 0.5),), "クッキーは使ってますか")
    unlikely = topics_of_intent("out_of_scope", (("out_of_scope", 0.6), ("ask_policy", 0.1)), "クッキーは使ってますか")
    assert likely[0][0] == unlikely[0][0] == "cookies"
    assert unlikely[0][1] < likely[0][1] / 3


def test_what_is_surely_out_of_scope_has_no_topic() -> None:
    assert topics_of_intent("out_of_scope", (("out_of_scope", 0.9),), "クッキーは使ってますか") == ()
