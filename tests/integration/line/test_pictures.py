"""Pictures in LINE: taken where a person will look at them, and gone when they should be."""

from __future__ import annotations

import pytest

from bot.errors import NotFound
from bot.privacy.handoff import HandoffReason
from bot.services.casework.cases import Cases
from bot.services.casework.pictures import StaffPictures
from bot.services.casework.worker import Worker
from bot.services.pictures import KEPT, LOST, MOST_PICTURES, REFUSED, TOO_LARGE, TOO_MANY, UNFIT
from bot.services.records import Picture
from bot.services.retention import Retention
from tests.integration.line.conftest import HANAKO, PHRASES, LineDesk
from tests.line_server import Fault, Json
from tests.records import PNG, data_subject_request

SATOH = Worker("satoh", "佐藤", "okura")
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
GIF = b"GIF89a" + bytes(100)
WEBP = b"RIFF\x00\x00\x00\x00WEBP" + bytes(100)


def taken_by_staff(at: LineDesk) -> str:
    return Cases(at.store, PHRASES, at.clock).begin(SATOH, at.conversation()).id


def kept(at: LineDesk) -> list[Picture]:
    with at.store.transaction(read_only=True) as tx:
        return tx.pictures.of(at.conversation())


@pytest.fixture
async def to_staff(at: LineDesk) -> LineDesk:
    """A conversation that staff have taken."""
    await at.hear("こんにちは")
    taken_by_staff(at)
    return at


async def sent(at: LineDesk, content: bytes = PNG) -> Json:
    event = at.line.picture("okura", HANAKO, content)
    assert await at.receive(event) == 200
    return event


@pytest.mark.parametrize(
    ("content", "media_type"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (GIF, "image/gif"), (WEBP, "image/webp")]
)
async def test_staff_get_a_picture_and_the_customer_is_told(
    to_staff: LineDesk, content: bytes, media_type: str
) -> None:
    await sent(to_staff, content)
    assert to_staff.line.to(HANAKO)[-1].text == PHRASES.text(KEPT)
    [picture] = kept(to_staff)
    assert picture.media_type == media_type
    looked = StaffPictures(to_staff.store, to_staff.clock).look(SATOH, to_staff.conversation(), picture.id)
    assert looked == (picture, content)


async def test_a_picture_comes_back_as_it_was_from_however_many_pieces(to_staff: LineDesk) -> None:
    content = PNG + bytes(number % 251 for number in range(200_000))
    await sent(to_staff, content)
    [picture] = kept(to_staff)
    with to_staff.store.transaction(read_only=True) as tx:
        assert tx.pictures.content(picture.id) == content


async def test_the_bot_neither_fetches_nor_keeps_a_picture(at: LineDesk) -> None:
    await sent(at)
    assert at.line.to(HANAKO)[-1].text == PHRASES.text(REFUSED)
    assert (at.line.fetched, kept(at)) == ([], [])


async def test_a_picture_for_a_running_request_is_taken(at: LineDesk) -> None:
    await at.hear("こんにちは")
    with at.store.transaction() as tx:
        tx.requests.add(data_subject_request(conversation=at.conversation()))
    await sent(at)
    assert at.line.to(HANAKO)[-1].text == PHRASES.text(KEPT)
    assert len(kept(at)) == 1


async def test_staff_are_shown_a_picture_for_a_request_while_the_bot_goes_on(at: LineDesk) -> None:
    await at.hear("こんにちは")
    with at.store.transaction() as tx:
        tx.requests.add(data_subject_request(conversation=at.conversation()))
    await sent(at)
    await sent(at)
    with at.store.transaction(read_only=True) as tx:
        [case] = tx.handoffs.find("okura")
        thread = tx.conversations.get(at.conversation())
    assert (case.reason, case.status, case.conversation) == (HandoffReason.PICTURE, "waiting", at.conversation())
    assert thread is not None
    assert thread.owner == "bot"
    Cases(at.store, PHRASES, at.clock).finish(SATOH, case.id, "")
    await sent(at)
    with at.store.transaction(read_only=True) as tx:
        assert len(tx.handoffs.find("okura", "waiting")) == 1


async def test_a_picture_for_staff_opens_no_case_besides_theirs(to_staff: LineDesk) -> None:
    await sent(to_staff)
    with to_staff.store.transaction(read_only=True) as tx:
        assert [case.reason for case in tx.handoffs.find("okura")] == [HandoffReason.STAFF]


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload=alert(1)>", b"%PDF-1.7", b"RIFF\0\0\0\0WAVE", b"<html>" + PNG, b"MZ" + PNG]
)
async def test_what_is_no_picture_is_refused_whatever_it_is_called(to_staff: LineDesk, content: bytes) -> None:
    await sent(to_staff, content)
    assert to_staff.line.to(HANAKO)[-1].text == PHRASES.text(UNFIT)
    assert kept(to_staff) == []


async def test_a_picture_beyond_the_setting_is_refused(to_staff: LineDesk) -> None:
    limit = to_staff.settings.image_megabytes * 1_000_000
    await sent(to_staff, PNG.ljust(limit + 1, b"\0"))
    assert to_staff.line.to(HANAKO)[-1].text == PHRASES.text(TOO_LARGE)
    assert kept(to_staff) == []


async def test_nobody_fills_the_disk_with_pictures(to_staff: LineDesk) -> None:
    for _ in range(MOST_PICTURES + 1):
        await sent(to_staff)
    assert to_staff.line.to(HANAKO)[-1].text == PHRASES.text(TOO_MANY)
    assert len(kept(to_staff)) == MOST_PICTURES


async def test_a_picture_on_somebody_elses_server_is_not_fetched(to_staff: LineDesk) -> None:
    provider = {
        "type": "external",
        "originalContentUrl": "https://evil.example/x",
        "previewImageUrl": "https://x.example",
    }
    event = to_staff.line.message("okura", HANAKO, "image", contentProvider=provider, quoteToken="q")
    await to_staff.receive(event)
    assert to_staff.line.to(HANAKO)[-1].text == PHRASES.text(REFUSED)
    assert to_staff.line.fetched == []


async def test_a_picture_delivered_twice_is_kept_once(to_staff: LineDesk) -> None:
    event = await sent(to_staff)
    await to_staff.receive({**event, "deliveryContext": {"isRedelivery": True}})
    assert len(kept(to_staff)) == 1
    assert len(to_staff.line.fetched) == 1


async def test_a_picture_that_line_cannot_give_now_waits_and_comes_later(to_staff: LineDesk) -> None:
    to_staff.line.faults.append(Fault("content", 500))
    await sent(to_staff)
    assert kept(to_staff) == []
    assert to_staff.transcript()[-1].answered_at is None
    to_staff.clock.advance(seconds=6)
    await to_staff.sweep()
    assert len(kept(to_staff)) == 1
    assert to_staff.line.to(HANAKO)[-1].text == PHRASES.text(KEPT)


@pytest.mark.parametrize("status", [404, 410, 500])
async def test_a_picture_that_line_no_longer_has_keeps_nothing_waiting(to_staff: LineDesk, status: int) -> None:
    to_staff.line.faults += [Fault("content", status), Fault("content", status)]
    await sent(to_staff)
    to_staff.clock.advance(minutes=2)
    await to_staff.sweep()
    await to_staff.push()
    assert to_staff.line.to(HANAKO)[-1].text == PHRASES.text(LOST)
    assert kept(to_staff) == []


async def test_a_picture_taken_back_is_gone(to_staff: LineDesk) -> None:
    event = await sent(to_staff)
    [picture] = kept(to_staff)
    await to_staff.receive(to_staff.line.event("okura", "unsend", HANAKO, unsend={"messageId": event["message"]["id"]}))
    assert kept(to_staff) == []
    with to_staff.store.transaction(read_only=True) as tx:
        assert tx.pictures.content(picture.id) == b""


async def test_a_picture_with_a_number_on_it_is_destroyed_at_a_press(to_staff: LineDesk) -> None:
    await sent(to_staff)
    [picture] = kept(to_staff)
    pictures, conversation = StaffPictures(to_staff.store, to_staff.clock), to_staff.conversation()
    for stranger in (Worker("x", "", "kagoshima"), Worker("x", "", "kagoshima", "north")):
        with pytest.raises(NotFound):
            pictures.destroy(stranger, conversation, picture.id)
        with pytest.raises(NotFound):
            pictures.look(stranger, conversation, picture.id)
    pictures.destroy(SATOH, conversation, picture.id)
    pictures.destroy(SATOH, conversation, picture.id)
    with pytest.raises(NotFound):
        pictures.look(SATOH, conversation, picture.id)
    with to_staff.store.transaction(read_only=True) as tx:
        assert tx.pictures.content(picture.id) == b""
        done = [one.actor for one in tx.audit.records() if one.action == "conversation.picture_destroyed"]
    assert done == ["staff:satoh"]


async def test_pictures_are_forgotten_in_time_and_with_their_conversation(to_staff: LineDesk) -> None:
    await sent(to_staff)
    retention = Retention(to_staff.store, to_staff.clock, to_staff.settings)
    to_staff.clock.advance(days=to_staff.settings.image_days - 1)
    assert retention.run()["pictures"] == 0
    to_staff.clock.advance(days=2)
    assert retention.run()["pictures"] == 1
    await sent(to_staff)
    conversation, [picture] = to_staff.conversation(), kept(to_staff)
    to_staff.desk.erase(conversation)
    with to_staff.store.transaction(read_only=True) as tx:
        assert (tx.pictures.get(picture.id), tx.pictures.content(picture.id)) == (None, b"")


async def test_a_picture_is_sealed_at_rest(to_staff: LineDesk) -> None:
    await sent(to_staff, PNG + b"a face" * 100)
    to_staff.store.close()
    at_rest = b"".join(file.read_bytes() for file in to_staff.settings.var_dir.glob("desk.db*"))
    assert b"a face" not in at_rest
