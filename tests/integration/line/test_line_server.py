"""The LINE of these tests is as strict as the real one; otherwise the other tests would prove nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.conftest import FixedClock
from tests.line_server import LineServer

TEXT = {"type": "text", "text": "はい"}
KEY = {"X-Line-Retry-Key": "123e4567-e89b-12d3-a456-426614174000"}


@pytest.fixture
async def strict(clock: FixedClock) -> AsyncIterator[LineServer]:
    async with LineServer(now=lambda: clock.now().timestamp()) as server:
        server.add("okura")
        yield server


async def _call(line: LineServer, path: str, content: Any, **headers: str) -> int:
    authorised = {"Authorization": f"Bearer {line.bots['okura'].token}", **headers}
    async with httpx.AsyncClient(base_url=line.url, trust_env=False) as http:
        return (await http.post(path, json=content, headers=authorised)).status_code


def _flex(text: str, **more: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": text}]}
    return {"type": "flex", "altText": "はい", "contents": {"type": "bubble", "body": body}, **more}


def _button(label: str, text: str) -> dict[str, Any]:
    return {"type": "action", "action": {"type": "message", "label": label, "text": text}}


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [TEXT] * 6,
        [{"type": "text", "text": ""}],
        [{"type": "text", "text": "🍎" * 2501}],
        [{"type": "text"}],
        [{**TEXT, "colour": "red"}],
        [_flex("はい", altText="あ" * 1501)],
        [_flex("あ" * 10_000)],
        [_flex(" ")],
        [{**TEXT, "quickReply": {"items": [_button("はい", "はい")] * 14}}],
        [{**TEXT, "quickReply": {"items": [_button("あ" * 21, "はい")]}}],
        [{**TEXT, "quickReply": {"items": [_button("はい", "あ" * 301)]}}],
        [{**TEXT, "sender": {"name": "あ" * 21}}],
    ],
)
async def test_messages_beyond_the_limits_are_refused(strict: LineServer, messages: list[Any]) -> None:
    push = {"to": "U1", "messages": messages, "notificationDisabled": False}
    assert await _call(strict, "/v2/bot/message/push", push, **KEY) == 400
    assert strict.violations != []
    assert strict.shown == []


async def test_a_reply_token_works_once_and_for_a_minute(strict: LineServer, clock: FixedClock) -> None:
    tokens = [strict.text("okura", "U1", "はい")["replyToken"] for _ in range(2)]
    replies = [{"replyToken": token, "messages": [TEXT], "notificationDisabled": False} for token in tokens]
    statuses = [await _call(strict, "/v2/bot/message/reply", replies[0]) for _ in range(2)]
    clock.advance(seconds=60)
    assert [*statuses, await _call(strict, "/v2/bot/message/reply", replies[1])] == [200, 400, 400]


async def test_a_reply_with_a_retry_key_is_refused(strict: LineServer) -> None:
    token = strict.text("okura", "U1", "はい")["replyToken"]
    reply = {"replyToken": token, "messages": [TEXT], "notificationDisabled": False}
    assert await _call(strict, "/v2/bot/message/reply", reply, **KEY) == 400


async def test_a_push_counts_once_under_one_key_and_ends_with_the_quota(strict: LineServer) -> None:
    strict.limit = 1
    push = {"to": "U1", "messages": [TEXT], "notificationDisabled": False}
    statuses = [await _call(strict, "/v2/bot/message/push", push, **KEY) for _ in range(2)]
    another = {"X-Line-Retry-Key": "123e4567-e89b-12d3-a456-426614174001"}
    assert [*statuses, await _call(strict, "/v2/bot/message/push", push, **another)] == [200, 409, 429]
    assert strict.used == 1
    assert await _call(strict, "/v2/bot/message/push", push) == 400


@pytest.mark.parametrize("animation", [{"chatId": "C1", "loadingSeconds": 5}, {"chatId": "U1", "loadingSeconds": 7}])
async def test_a_loading_animation_is_for_one_person_and_in_steps_of_five(
    strict: LineServer, animation: dict[str, Any]
) -> None:
    assert await _call(strict, "/v2/bot/chat/loading/start", animation) == 400
