"""Records with everything filled in, of which a test changes what it is about."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

from bot.privacy.handoff import PRIORITY, HandoffReason
from bot.privacy.request_types import Level
from bot.privacy.statuses import IdentityStatus, Status
from bot.services.records import (
    Conversation,
    Customer,
    DataSubjectRequest,
    Draft,
    Handoff,
    Machine,
    Message,
    OneTimeCode,
    OutboundMessage,
    Picture,
    Suppression,
    UnansweredQuestion,
)
from bot.services.staff.records import StaffMember, StaffSession, Stage

NOW = datetime(2026, 6, 2, 1, 0, tzinfo=timezone.utc)
"""Where the `clock` fixture begins: ten in the morning of a Tuesday in Japan."""


def conversation(conversation_id: str = "c1", **more: Any) -> Conversation:
    values = {"channel": "web", "company": "okura", "created_at": NOW, "updated_at": NOW}
    return Conversation(**{"id": conversation_id, **values, **more})


def message(message_id: str = "m1", **more: Any) -> Message:
    values = {"conversation": "c1", "seq": 0, "author": "customer", "text": "こんにちは", "created_at": NOW}
    return Message(**{"id": message_id, **values, **more})


PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
"""What says of itself that it is a picture."""


def picture(picture_id: str = "m1", **more: Any) -> Picture:
    values = {"conversation": "c1", "media_type": "image/png", "kept_at": NOW}
    return Picture(**{"id": picture_id, **values, **more})


def customer(customer_id: str = "k1", **more: Any) -> Customer:
    values = {
        "company": "okura",
        "customer_no": f"no-{customer_id}",
        "name": "髙橋 花子",
        "name_kana": "タカハシ ハナコ",
        "email": "hanako@example.jp",
        "phone": "+819012345678",
        "postal_code": "999-0001",
        "address": "山形県新庄市本町1-2-3",
        "birth_date": "1980-04-01",
        "plates": ("山形 500 あ 12-34",),
        "updated_at": NOW,
        "previous_contacts": ("old@example.jp",),
    }
    return Customer(**{"id": customer_id, **values, **more})


def draft(**more: Any) -> Draft:
    values = {"conversation": "c1", "procedure": "disclosure", "values": {"name": "髙橋花子"}, "updated_at": NOW}
    return Draft(**{**values, **more})


def data_subject_request(request_id: str = "r1", **more: Any) -> DataSubjectRequest:
    values = {
        "receipt": f"OK-{request_id}",
        "company": "okura",
        "type": "disclosure",
        "status": Status.OPEN,
        "identity": IdentityStatus.UNVERIFIED,
        "level": Level.CODE_AND_FACT,
        "channel": "web",
        "conversation": None,
        "created_at": NOW,
        "due_date": date(2026, 6, 16),
        "idempotency_key": f"key-{request_id}",
        "details": {"scope": "すべて"},
        "claimant": {"name": "髙橋花子", "email": "hanako@example.jp"},
    }
    return DataSubjectRequest(**{"id": request_id, **values, **more})


def one_time_code(code_id: str = "o1", **more: Any) -> OneTimeCode:
    values = {
        "company": "okura",
        "conversation": "c1",
        "customer": "k1",
        "purpose": "draft-1",
        "digest": "0" * 64,
        "created_at": NOW,
        "expires_at": NOW + timedelta(minutes=10),
    }
    return OneTimeCode(**{"id": code_id, **values, **more})


def suppression(suppression_id: str = "s1", **more: Any) -> Suppression:
    values = {
        "company": "okura",
        "contact": "hanako@example.jp",
        "means": "email",
        "purpose": "marketing",
        "since": NOW,
    }
    return Suppression(**{"id": suppression_id, **values, **more})


def handoff(handoff_id: str = "h1", reason: HandoffReason = HandoffReason.ASKED, **more: Any) -> Handoff:
    values = {"company": "okura", "conversation": "c1", "status": "waiting", "waiting_since": NOW}
    return Handoff(**{"id": handoff_id, "reason": reason, "priority": PRIORITY[reason], **values, **more})


def outbound(message_id: str = "x1", **more: Any) -> OutboundMessage:
    values = {
        "company": "okura",
        "kind": "email",
        "recipient": "hanako@example.jp",
        "subject": "確認番号のお知らせ",
        "text": "12345678",
        "key": f"key-{message_id}",
        "created_at": NOW,
    }
    return OutboundMessage(**{"id": message_id, **values, **more})


def machine(machine_id: str = "a1", **more: Any) -> Machine:
    values = {
        "company": "okura",
        "name": "社内ヘルプデスク",
        "scope": "work",
        "created_at": NOW,
        "webhook": "https://help.example/hook?key=x",
        "webhook_secret": "whsec_x",
    }
    return Machine(**{"id": machine_id, **values, **more})


def unanswered_question(question_id: str = "q1", **more: Any) -> UnansweredQuestion:
    values = {"company": "okura", "text": "ドローンで撮られましたか", "reason": "not_covered", "asked_at": NOW}
    return UnansweredQuestion(**{"id": question_id, **values, **more})


def staff_member(staff_id: str = "s1", **more: Any) -> StaffMember:
    values = {"email": f"{staff_id}@example.jp", "name": "佐藤一郎", "created_at": NOW}
    return StaffMember(staff_id, **{**values, **more})


def staff_session(session_id: str = "p1", **more: Any) -> StaffSession:
    values = {"digest": f"digest {session_id}", "staff": "s1", "stage": Stage.FULL, "device": "Chrome（Windows）"}
    return StaffSession(session_id, **{**values, "created_at": NOW, "seen_at": NOW, **more})
