"""A request made in LINE is as good as one made at the counter, by the real intake."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.library import PolicyLibrary
from bot.services.intake import Intake
from bot.services.ports import EngineReply, RequestFilter
from bot.services.turns import Turn
from bot.settings import ROOT, Settings
from bot.storage.store import SqlStore
from bot.understanding.result import Understanding
from tests.conftest import FixedClock
from tests.integration.line.conftest import HANAKO, PHRASES, LineDesk
from tests.line_server import Shown
from tests.unit.services.intake.talk import TARO, give


class IntakeEngine:
    """Leads every conversation into one procedure."""

    def __init__(self, intake: Intake, companies: PolicyLibrary, procedure: str) -> None:
        self._intake = intake
        self._companies = companies
        self._procedure = procedure

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        """Begin the procedure, or give it an answer."""
        understood = Understanding(text, "inform", 0.9, (("inform", 0.9),))
        company = self._companies.get(metadata["company"])
        turn = Turn(conversation, company, metadata["channel"], metadata["message_id"], text, understood)
        is_open = self._intake.is_open(conversation)
        replies = self._intake.answer(turn) if is_open else self._intake.start(turn, self._procedure)
        return [
            EngineReply(reply.text, [{"title": b.title, "payload": b.payload} for b in reply.buttons], dict(reply.body))
            for reply in replies
        ]


@pytest.fixture
def procedure(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def engine(sqlite_store: SqlStore, clock: FixedClock, procedure: str, tmp_path: Path) -> IntakeEngine:
    companies = PolicyLibrary(ROOT / "data" / "policies")
    settings = Settings(secret_key="s" * 32, var_dir=tmp_path)
    intake = Intake(sqlite_store, PHRASES, sqlite_store.vault, clock, settings, companies)
    return IntakeEngine(intake, companies, procedure)


async def _says(at: LineDesk, text: str) -> Shown:
    at.clock.advance(seconds=1)
    await at.hear(text)
    return at.line.to(HANAKO)[-1]


@pytest.mark.parametrize("procedure", ["stop_marketing"], indirect=True)
async def test_announcements_in_line_stop_at_once_for_the_account_itself(at: LineDesk) -> None:
    shown = await _says(at, "LINEのお知らせ止めて")
    assert "このLINEアカウント" in shown.text
    with at.store.transaction(read_only=True) as tx:
        assert tx.suppressions.suppressed("okura", [HANAKO], "line", "marketing")
    await _says(at, "続けてほしい")
    shown = await _says(at, "送信する")
    assert "受付番号：" in shown.text
    with at.store.transaction(read_only=True) as tx:
        [request] = tx.requests.find(RequestFilter())
    assert request.channel == "line"


@pytest.mark.parametrize("procedure", ["disclosure"], indirect=True)
async def test_the_code_goes_to_the_contact_on_file_and_links_the_line_user(at: LineDesk) -> None:
    give(at.store, TARO)
    await _says(at, "私のデータ全部見せて")
    await _says(at, "紙")
    await _says(at, "山田太郎")
    shown = await _says(at, "taro@example.jp")
    with at.store.transaction(read_only=True) as tx:
        [mail] = [message for message in tx.outbox.find() if re.search(r"^\d{8}$", message.text, re.MULTILINE)]
    assert (mail.kind, mail.recipient) == ("email", "taro@example.jp")
    [code] = re.findall(r"^\d{8}$", mail.text, re.MULTILINE)
    assert "8桁" in shown.text
    await _says(at, code)
    await _says(at, "山形 500 あ 12-34")
    with at.store.transaction(read_only=True) as tx:
        assert tx.conversations.of_customer("taro") == [at.conversation()]
    assert code not in "".join(shown.text for shown in at.line.shown)
