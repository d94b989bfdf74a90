from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.line.events import ANSWERS, BadWebhook, Left, Said, Unsent, read_arrivals
from bot.services.phrases import Phrasebook
from bot.settings import ROOT

PERSON = {"type": "user", "userId": "U1"}
GROUP = {"type": "group", "groupId": "C1", "userId": "U1"}
ROOM = {"type": "room", "roomId": "R1"}


def event(kind: str, source: Any = PERSON, **more: Any) -> dict[str, Any]:
    return {"type": kind, "source": source, "webhookEventId": "e1", "timestamp": 5, "mode": "active", **more}


def read(*events: Any) -> list[Any]:
    return read_arrivals({"events": list(events)})


def test_a_text_comes_with_all_that_line_needs_to_hear_again() -> None:
    message = {"type": "text", "id": "m1", "text": "こんにちは", "markAsReadToken": "r1"}
    line = {"reply_token": "t1", "read_token": "r1", "message": "m1", "at": 5}
    assert read(event("message", replyToken="t1", message=message)) == [Said("U1", "e1", "こんにちは", line=line)]


def test_a_rich_menus_data_is_what_the_customer_says() -> None:
    assert read(event("postback", postback={"data": "何ができますか"})) == [
        Said("U1", "e1", "何ができますか", line={"at": 5})
    ]


@pytest.mark.parametrize("kind", ["sticker", "image", "video", "audio", "file", "location"])
def test_what_has_no_words_is_named(kind: str) -> None:
    [arrival] = read(event("message", message={"type": kind, "id": "m1"}))
    assert (arrival.wordless, arrival.text) == (kind, "")


def test_every_answer_to_what_has_no_words_is_a_phrase() -> None:
    names = Phrasebook.load(ROOT / "data" / "responses" / "ja").names()
    assert {phrase for pair in ANSWERS.values() for phrase in pair} <= names


def test_a_message_taken_back_is_named_by_lines_own_id() -> None:
    assert read(event("unsend", unsend={"messageId": "m1"}, mode="standby")) == [Unsent("U1", "m1")]


@pytest.mark.parametrize(
    ("kind", "source", "person"), [("unfollow", PERSON, "U1"), ("leave", GROUP, "C1"), ("leave", ROOM, "R1")]
)
def test_who_left_is_told_with_the_time(kind: str, source: dict[str, str], person: str) -> None:
    assert read(event(kind, source)) == [Left(person, 5)]


@pytest.mark.parametrize("source", [GROUP, ROOM])
def test_in_a_group_only_the_invitation_counts(source: dict[str, str]) -> None:
    message = {"type": "text", "id": "m1", "text": "みんなへ"}
    invited, talk, unsent = event("join", source), event("message", source, message=message), event("unsend", source)
    assert [arrival.wordless for arrival in read(invited, talk, unsent)] == ["join"]


def test_what_another_system_answers_is_left_alone() -> None:
    message = {"type": "text", "id": "m1", "text": "こんにちは"}
    assert read(event("message", message=message, mode="standby"), event("follow", mode="standby")) == []


@pytest.mark.parametrize("payload", [None, [], "x", {}, {"events": None}, {"events": "x"}])
def test_what_has_no_list_of_events_is_no_webhook(payload: Any) -> None:
    with pytest.raises(BadWebhook):
        read_arrivals(payload)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["source", "message", "webhookEventId", "timestamp", "mode", "replyToken", "postback", "unsend"]
)


@given(st.sampled_from(["message", "postback", "unsend", "join", "leave", "follow"]), st.dictionaries(FIELDS, JSON))
def test_no_shape_of_an_event_is_a_fault(kind: str, odd: dict[str, Any]) -> None:
    read_arrivals({"events": [{**event(kind), **odd}]})
