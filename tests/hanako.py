"""髙橋 花子, a customer of okura, and what she asks for on its website."""

from __future__ import annotations

import uuid
from typing import Any

from bot.bootstrap import Services
from bot.privacy.request_types import request_type
from bot.privacy.statuses import IdentityStatus
from bot.services.records import Conversation, Customer, DataSubjectRequest
from bot.services.requests import NewRequest

HANAKO = Customer(
    id="hanako",
    company="okura",
    customer_no="1001",
    name="髙橋 花子",
    name_kana="タカハシ ハナコ",
    email="hanako@example.jp",
    phone="+819012345678",
    address="山形県最上郡大蔵村清水1",
    birth_date="1980-04-01",
    plates=("山形 500 あ 12-34",),
)


def ask_as_hanako(
    services: Services, kind: str, identity: IdentityStatus = IdentityStatus.VERIFIED, **more: Any
) -> DataSubjectRequest:
    """Open a request of hers, in a conversation of its own unless one is given."""
    now, values = services.clock.now(), {"conversation": uuid.uuid4().hex, **more}
    values.setdefault("details", {"scope": "all", "form": "electronic"})
    new = NewRequest(
        id=uuid.uuid4().hex,
        company=services.companies.get("okura"),
        type=request_type(kind),
        identity=identity,
        channel="web",
        idempotency_key=uuid.uuid4().hex,
        customer=HANAKO if identity is IdentityStatus.VERIFIED else None,
        **{"claimant": {"name": "高橋花子", "contact": HANAKO.email}, **values},
    )
    with services.store.transaction() as tx:
        tx.conversations.add(Conversation(values["conversation"], "web", "okura", now, now))
        return services.requests.open(tx, new, now)
