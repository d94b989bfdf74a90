from __future__ import annotations

import pytest

from bot.knowledge.topics import TopicTableError, aspects_of, followup_topic, read_topics, topic_table


def test_every_topic_finds_clauses_and_questions() -> None:
    for topic in topic_table().values():
        assert topic.label
        assert topic.body
        assert topic.question


@pytest.mark.parametrize(
    ("last", "kind", "expected"),
    [
        ("joint_use", "purpose", "joint_use_purposes"),
        ("joint_use_parties", "purpose", "joint_use_purposes"),
        ("third_party", "purpose", "purposes"),
        ("recall", "contact", "contact"),
        (None, "contact", "contact"),
        ("purpose_insurance", "more", "purposes"),
        ("joint_use", "more", "joint_use_parties"),
        (None, "more", None),
    ],
)
def test_follow_ups(last: str | None, kind: str, expected: str | None) -> None:
    assert followup_topic(last, kind, lambda topic: True) == expected


def test_more_goes_past_what_the_policy_says_nothing_about_and_ends() -> None:
    assert followup_topic("joint_use_purposes", "more", lambda topic: topic == "partner_policies") == "partner_policies"
    assert followup_topic("joint_use_purposes", "more", lambda topic: False) is None


@pytest.mark.parametrize(
    ("last", "aspect", "expected"),
    [
        ("joint_use", "items", "joint_use_items"),
        ("joint_use_responsible", "items", "joint_use_items"),
        ("joint_use_responsible", "who", "joint_use_responsible"),
        ("joint_use_purposes", "who", "joint_use_parties"),
        ("purposes", "items", "collected_items"),
        ("safety", "who", "responsible_person"),
        ("sensitive", "until", "retention_period"),
        ("contact_hours", "until", "contact_hours"),
        ("no_longer_a_topic", "items", "collected_items"),
    ],
)
def test_a_word_asks_for_an_aspect_of_what_was_spoken_of(last: str, aspect: str, expected: str) -> None:
    assert aspects_of(last)[aspect] == expected


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"a": {"label": "甲", "colour": "red"}}, "colour"),
        ({"a": {"label": "甲", "parent": "b"}}, "names b"),
        ({"a": {"label": "甲", "aspects": {"items": "c"}}}, "names c"),
        ({"a": {"label": "甲", "aspects": {"colour": "a"}}}, "colour"),
        ({"a": {"label": "甲", "parent": "b"}, "b": {"label": "乙", "parent": "a"}}, "its own parent"),
    ],
)
def test_a_wrong_table_is_refused(table: dict[str, dict[str, str]], words: str) -> None:
    with pytest.raises(TopicTableError, match=words):
        read_topics(table)
