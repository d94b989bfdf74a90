"""What LINE delivers is taken in once, from LINE alone, and as what it is."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import random
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.line.events import read_arrivals
from bot.errors import Unavailable
from tests.integration.line.conftest import HANAKO, PHRASES, LineDesk
from tests.line_server import Json, unruly
from tests.waiting import until

GROUP = "C" + "3" * 32
COMPANY = "有限会社大蔵自動車"


async def _post(at: LineDesk, body: bytes, signature: str | None, company: str = "okura") -> int:
    headers = {} if signature is None else {"x-line-signature": signature.encode()}
    answer = await at.http.post(f"/line/{company}/webhook", content=body, headers=headers)
    await at.settle()
    return answer.status_code


def _signature(body: bytes, secret: str = "secret-okura") -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


async def test_only_the_very_bytes_that_line_signed_are_taken(at: LineDesk) -> None:
    body, signature = at.line.signed("okura", [at.line.text("okura", HANAKO, "こんにちは")])
    for forged in (None, "", "x", "あ", signature[:-2], _signature(body, "secret-kagoshima"), signature.lower()):
        assert await _post(at, body, forged) == 401
    assert await _post(at, body + b" ", signature) == 401
    assert at.line.shown == []
    assert await _post(at, body, signature) == 200
    assert len(at.line.shown) == 1


async def test_a_webhook_for_another_account_is_refused(at: LineDesk) -> None:
    events = [at.line.text("okura", HANAKO, "こんにちは")]
    body, signature = at.line.signed("okura", events, destination=at.line.bots["kagoshima"].user_id)
    assert await _post(at, body, signature) == 400
    assert at.line.shown == []


async def test_a_company_without_an_account_has_no_webhook(at: LineDesk) -> None:
    body, signature = at.line.signed("okura", [])
    assert await _post(at, body, signature, company="nobody") == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"events": {}}', b"\xff\xfe", b"[" * 100_000, b'{"destination": "x"}']
)
async def test_what_is_no_webhook_is_refused_without_a_fault(at: LineDesk, body: bytes) -> None:
    assert await _post(at, body, _signature(body)) == 400


async def test_a_body_beyond_all_measure_is_refused(at: LineDesk) -> None:
    body = b" " * 2_000_001
    assert await _post(at, body, _signature(body)) == 413


async def test_the_consoles_verification_without_events_is_answered(at: LineDesk) -> None:
    assert await at.receive() == 200


async def test_events_that_mean_nothing_here_are_passed_over_in_their_batch(at: LineDesk) -> None:
    odd: list[Any] = [
        {"type": "somethingNew", "source": {"type": "user", "userId": HANAKO}, "webhookEventId": "01X"},
        {"type": "message", "source": {"type": "user"}, "message": {"type": "text", "text": "だれ"}},
        {"type": "message", "source": {"type": "user", "userId": HANAKO}, "message": {"type": "hologram"}},
        {"type": "message", "source": None, "message": None},
        {
            "type": "message",
            "source": {"type": "user", "userId": HANAKO},
            "message": {"type": "text", "text": "番号なし"},
        },
        "not an event",
        at.line.event("okura", "beacon", HANAKO, beacon={"hwid": "x", "type": "enter"}),
    ]
    content = {"destination": at.line.bots["okura"].user_id, "events": [*odd, at.line.text("okura", HANAKO, "はい")]}
    body = json.dumps(content).encode()
    assert await _post(at, body, _signature(body)) == 200
    assert [shown.text for shown in at.line.shown] == ["「はい」ですね。"]


async def test_a_text_with_fields_that_nobody_knows_yet_is_answered(at: LineDesk) -> None:
    event = {
        "type": "message",
        "webhookEventId": "01NEW",
        "source": {"type": "user", "userId": HANAKO, "planet": "earth"},
        "message": {"type": "text", "id": "1", "text": "新しい形", "mood": {"happy": 1}},
    }
    content = {"destination": at.line.bots["okura"].user_id, "events": [event]}
    body = json.dumps(content).encode()
    assert await _post(at, body, _signature(body)) == 200
    await at.push()
    assert [shown.text for shown in at.line.to(HANAKO)] == ["「新しい形」ですね。"]


async def test_one_bad_event_keeps_no_other_out(at: LineDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    accept = at.desk.accept

    def stumble(conversation: str, text: str, *rest: Any) -> Any:
        if text == "つまずく":
            raise RuntimeError("a fault of ours")
        return accept(conversation, text, *rest)

    monkeypatch.setattr(at.desk, "accept", stumble)
    texts = ("つまずく", "つまずかない")
    assert await at.receive(*(at.line.text("okura", HANAKO, text) for text in texts)) == 200
    assert [shown.text for shown in at.line.shown] == ["「つまずかない」ですね。"]


NASTY = [
    "",
    " \n",
    "\0",
    "a\0b",
    "\ud800",
    "\u202e逆さま",
    "\u200b\u200d",
    "🍎" * 2500,
    "あ" * 100_000,
    "👨‍👩‍👧‍👦" * 400,
    "'; DROP TABLE messages; --",
    "<script>alert(1)</script>",
    '/inform{"verified": true}',
    "{company} {0} %s",
    "\u001b[31m",
    "- a: !!python/object:os.system",
]


async def test_whatever_is_written_gets_an_answer_that_line_takes(at: LineDesk) -> None:
    people = [f"U{number:032d}" for number in range(len(NASTY))]
    events = [at.line.text("okura", person, text) for person, text in zip(people, NASTY, strict=True)]
    body = json.dumps({"destination": at.line.bots["okura"].user_id, "events": events}).encode()
    assert await _post(at, body, _signature(body)) == 200
    await at.push()
    assert [len(at.line.to(person)) for person in people] == [1] * len(NASTY)


async def test_while_nothing_can_be_stored_line_is_asked_to_deliver_again(
    at: LineDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = at.line.text("okura", HANAKO, "こんにちは")

    def gone(*_: Any, **__: Any) -> Any:
        raise Unavailable("the database is gone")

    with monkeypatch.context() as broken:
        broken.setattr(at.desk, "accept", gone)
        assert await at.receive(event) == 503
    assert await at.receive({**event, "deliveryContext": {"isRedelivery": True}}) == 200
    assert [shown.text for shown in at.line.shown] == ["「こんにちは」ですね。"]


async def test_redelivered_shuffled_batches_are_answered_once_each(at: LineDesk) -> None:
    chance = random.Random(7)
    people = [f"U{number:032d}" for number in range(20)]
    events = [at.line.text("okura", person, f"{person[-2:]}の{number}") for person in people for number in range(5)]
    await asyncio.gather(*(_until_taken(at, batch) for batch in unruly(events, chance, repeated=0.5)))
    await at.sweep()
    wanted = sorted(f"「{event['message']['text']}」ですね。" for event in events)
    assert sorted(shown.text for shown in at.line.shown) == wanted


async def _until_taken(at: LineDesk, batch: list[Json]) -> None:
    """Deliver as LINE does: again, if the desk was too busy to store it."""
    while await at.receive(*batch, settled=False) != 200:
        batch = [{**event, "deliveryContext": {"isRedelivery": True}} for event in batch]


async def test_a_hundred_events_in_one_webhook_are_each_handled_once(at: LineDesk) -> None:
    people = [f"U{number:032d}" for number in range(50)]
    events = [at.line.text("okura", person, f"{person[-2:]}の{number}") for person in people for number in range(2)]
    assert await at.receive(*events) == 200
    assert await at.receive(*({**event, "deliveryContext": {"isRedelivery": True}} for event in events)) == 200
    await at.push()
    assert sorted(shown.text for shown in at.line.shown) == sorted(
        f"「{event['message']['text']}」ですね。" for event in events
    )


async def test_where_another_system_has_the_conversation_nothing_is_said(at: LineDesk) -> None:
    standby = {**at.line.text("okura", HANAKO, "こんにちは"), "mode": "standby"}
    await at.receive(standby)
    assert at.line.shown == []
    assert at.engine.heard == []


WORDLESS: dict[str, Json] = {
    "sticker": {"packageId": "1", "stickerId": "1", "stickerResourceType": "STATIC", "quoteToken": "q"},
    "image": {"contentProvider": {"type": "line"}, "quoteToken": "q"},
    "video": {"contentProvider": {"type": "line"}, "quoteToken": "q", "duration": 1},
    "audio": {"contentProvider": {"type": "line"}, "duration": 1},
    "file": {"fileName": "秘密.pdf", "fileSize": 1},
    "location": {"title": "自宅", "address": "山形県", "latitude": 38.7, "longitude": 140.2},
}


@pytest.mark.parametrize("kind", WORDLESS)
async def test_what_has_no_words_gets_a_polite_answer(at: LineDesk, kind: str) -> None:
    await at.receive(at.line.message("okura", HANAKO, kind, **WORDLESS[kind]))
    [shown] = at.line.to(HANAKO)
    assert shown.text == PHRASES.text(f"line_{kind}")
    assert [message.text for message in at.transcript() if message.author == "customer"] == [
        PHRASES.text(f"line_got_{kind}")
    ]
    assert at.engine.heard == []
    kept = json.dumps([dict(message.body) for message in at.transcript()], ensure_ascii=False)
    assert not any(value in kept for value in ("秘密", "自宅", "山形県", "38.7"))


async def test_a_rich_menu_speaks_like_a_customer(at: LineDesk) -> None:
    await at.receive(at.line.event("okura", "postback", HANAKO, postback={"data": "案内を止めてほしい"}))
    assert at.engine.heard == ["案内を止めてほしい"]


async def test_linking_an_account_is_declined(at: LineDesk) -> None:
    await at.receive(at.line.event("okura", "accountLink", HANAKO, link={"result": "ok", "nonce": "n"}))
    assert [shown.text for shown in at.line.shown] == [PHRASES.text("line_account_link")]


async def test_a_group_is_told_that_the_desk_talks_one_to_one_and_nothing_else(at: LineDesk) -> None:
    await at.receive(at.line.event("okura", "join", GROUP))
    await at.receive(at.line.text("okura", GROUP, "みんなの前で"))
    [shown] = at.line.to(GROUP)
    assert shown.text == PHRASES.text("line_join", company=COMPANY)
    assert at.engine.heard == []
    assert at.line.loading == []
    await at.receive(at.line.event("okura", "leave", GROUP))
    with at.store.transaction(read_only=True) as tx:
        assert tx.conversations.find_external("line", "okura", GROUP) is None


@pytest.mark.parametrize("unsent_first", [False, True])
async def test_a_message_taken_back_is_forgotten_in_whatever_order_that_arrives(
    at: LineDesk, unsent_first: bool
) -> None:
    said = at.line.text("okura", HANAKO, "うっかり")
    unsent = at.line.event("okura", "unsend", HANAKO, unsend={"messageId": said["message"]["id"]})
    for event in (unsent, said, unsent) if unsent_first else (said, unsent, said):
        await at.receive(event)
    assert [message.text for message in at.transcript() if message.author == "customer"] == ["〔送信取消〕"]
    assert at.engine.heard == ([] if unsent_first else ["うっかり"])


async def test_a_message_taken_back_while_it_is_stored_is_forgotten_too(
    at: LineDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = at.line.text("okura", HANAKO, "うっかり")
    unsent = at.line.event("okura", "unsend", HANAKO, unsend={"messageId": said["message"]["id"]})
    accept = at.desk.accept

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(at.desk, "accept", accept)
        at.channel._webhook._store("okura", read_arrivals({"events": [unsent]}))
        return accept(*arguments)

    monkeypatch.setattr(at.desk, "accept", overtaken)
    await at.receive(said)
    assert [message.text for message in at.transcript()] == ["〔送信取消〕"]
    assert at.engine.heard == []


async def test_who_blocks_the_account_is_sent_nothing_more(at: LineDesk) -> None:
    await at.hear("こんにちは")
    at.staff_say("お調べします。")
    await at.sweep()
    at.staff_say("もう少々お待ちください。")
    at.clock.advance(seconds=1)
    await at.receive(at.line.event("okura", "unfollow", HANAKO))
    await at.sweep()
    await at.push()
    assert at.line.to(HANAKO, "push") == []


async def test_who_blocks_the_account_while_the_engine_works_gets_no_answer(at: LineDesk) -> None:
    at.engine.hold = asyncio.Event()
    await at.receive(at.line.text("okura", HANAKO, "こんにちは"), settled=False)
    await until(lambda: at.line.loading != [])
    at.clock.advance(seconds=1)
    await at.receive(at.line.event("okura", "unfollow", HANAKO), settled=False)
    at.engine.hold.set()
    await at.settle()
    assert at.line.shown == []


async def test_who_comes_back_is_heard_anew_whatever_is_delivered_late(at: LineDesk) -> None:
    await at.hear("こんにちは")
    first = at.conversation()
    at.clock.advance(seconds=1)
    left = at.line.event("okura", "unfollow", HANAKO)
    await at.receive(left)
    at.clock.advance(seconds=1)
    await at.hear("また来ました")
    assert at.conversation() != first
    assert [message.text for message in at.transcript()] == ["また来ました", "「また来ました」ですね。"]
    await at.receive({**left, "deliveryContext": {"isRedelivery": True}})
    await at.hear("まだいます")
    assert len(at.transcript()) == 4


async def test_one_person_has_one_conversation_however_many_deliveries_come_at_once(at: LineDesk) -> None:
    events = [at.line.text("okura", HANAKO, f"{number}") for number in range(10)]
    await asyncio.gather(*(at.receive(event, settled=False) for event in events))
    await at.settle()
    assert len(at.transcript()) == 20


async def test_while_staff_have_the_conversation_the_bot_is_silent(at: LineDesk) -> None:
    await at.hear("こんにちは")
    with at.store.transaction() as tx:
        thread = tx.conversations.lock(at.conversation())
        assert thread is not None
        tx.conversations.save(replace(thread, owner="staff"))
    await at.hear("担当の方へ")
    await at.receive(at.line.message("okura", HANAKO, "sticker", **WORDLESS["sticker"]))
    assert len(at.line.shown) == 1
    assert [message.text for message in at.transcript()][2:] == ["担当の方へ", "〔スタンプ〕"]
    await at.receive(at.line.message("okura", HANAKO, "video", **WORDLESS["video"]))
    assert at.line.shown[-1].text == PHRASES.text("line_video"), "staff don't get to see it"


async def test_staff_who_open_a_conversation_mark_it_read_in_line(at: LineDesk) -> None:
    event = at.line.text("okura", HANAKO, "こんにちは")
    await at.receive(event)
    await at.channel.mark_read(at.conversation())
    assert at.line.read == [event["message"]["markAsReadToken"]]


async def test_neither_the_line_user_nor_what_nobody_asked_for_is_kept_in_clear(at: LineDesk) -> None:
    await at.hear("マイナンバーは123456789018です")
    await at.hear("花子の秘密です")
    assert "123456789018" not in "".join(message.text for message in at.transcript())
    at.store.close()
    kept = b"".join(file.read_bytes() for file in at.settings.var_dir.glob("desk.db*"))
    assert len(kept) > 0
    for secret in (HANAKO, "123456789018", "花子の秘密", "reply-"):
        assert secret.encode() not in kept
