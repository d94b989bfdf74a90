"""A real desk over a real database, with an engine whose answers the tests write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.channels.machines.api import mount_api
from bot.channels.web.stream import PING_S
from bot.channels.web.throttle import Throttle
from bot.errors import Unavailable
from bot.knowledge.library import PolicyLibrary
from bot.services.business_calendar import CompanyCalendar
from bot.services.converse import Desk
from bot.services.handoffs import Handoffs
from bot.services.machine_desk import MachineDesk
from bot.services.machines import MachineRegister
from bot.services.notifier import LocalNotifier
from bot.services.phrases import Phrasebook
from bot.services.pictures import PictureDesk
from bot.services.ports import Clock, EngineReply
from bot.services.webhook_targets import WebhookRules
from bot.settings import ROOT, Settings
from bot.storage.store import SqlStore
from bot.web.app import Parts

RECALL = (
    "⑤ リコールが発生した場合、当社のお客様のうちリコール対象車両の所有者に対してリコールに関する情報の提供を行うため。"
)

ANSWERS: dict[str, EngineReply] = {
    "リコール": EngineReply(
        f"「共同利用の目的」については、次のとおりです。\n\n{RECALL}\n\n個人情報保護方針 7.(3)⑤",
        custom={
            "parts": [
                {"kind": "lead", "text": "「共同利用の目的」については、個人情報保護方針に次のように書いています。"},
                {"kind": "heading", "text": "7. 個人データの共同利用\n(3) 共同利用する目的"},
                {"kind": "quote", "text": RECALL},
                {"kind": "citation", "text": "個人情報保護方針 7.(3)⑤"},
                {"kind": "link", "text": "方針の全文は https://example.jp/privacy にあります。"},
            ],
            "policy_url": "https://example.jp/privacy",
        },
    ),
    "案内を止めて": EngineReply(
        "案内の停止を承ります。どの方法のご案内を止めますか。",
        buttons=[{"title": title, "payload": title} for title in ("郵便", "電話", "メール", "すべて")],
    ),
    "見せて": EngineReply(
        "ご登録の連絡先に8桁の番号をお送りしました。番号を入力してください。", custom={"field": "code"}
    ),
}


class ScriptedEngine:
    """Answers by the first word of its script that a message holds, else repeats the message."""

    def __init__(self, answers: dict[str, EngineReply] | None = None) -> None:
        self.answers = dict(ANSWERS if answers is None else answers)
        self.heard: list[str] = []
        self.down = False
        self.hold: asyncio.Event | None = None

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        """Answer, once the test lets it."""
        if self.hold is not None:
            await self.hold.wait()
        if self.down:
            raise Unavailable("the engine was switched off")
        self.heard.append(text)
        return [
            next((reply for word, reply in self.answers.items() if word in text), EngineReply(f"「{text}」ですね。"))
        ]


def scripted_parts(
    settings: Settings,
    store: SqlStore,
    clock: Clock,
    engine: ScriptedEngine,
    ping_s: float = PING_S,
    pictures: PictureDesk | None = None,
) -> Parts:
    """Wire the web front's parts around the script."""
    companies, notifier = PolicyLibrary(settings.company_dir), LocalNotifier()
    phrases = Phrasebook.load(ROOT / "data" / "responses" / "ja")
    handoffs = Handoffs(store, phrases, CompanyCalendar(companies), clock)
    announce: Callable[[str], None] = notifier.publish
    store.announce = announce
    desk = Desk(
        store, engine, companies, phrases, handoffs, lambda tx, conversation, text: None, clock, settings, pictures
    )
    register = MachineRegister(store, store.vault, clock, WebhookRules.of(settings))
    machines = mount_api(register, MachineDesk(store, handoffs, clock), Throttle(store, clock, settings))
    return Parts(desk, companies, store, store.vault, clock, notifier, machines=machines)
