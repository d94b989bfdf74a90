from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from bot.services.audit_log import AuditLog
from bot.services.phrases import Phrasebook
from bot.services.ports.casework import AuditFilter
from bot.services.staff.records import Membership, StaffMember
from bot.services.staff.roles import Role
from bot.settings import ROOT
from bot.storage.store import SqlStore
from tests.records import NOW, conversation, data_subject_request, handoff

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
_ACTION = re.compile(
    r"(request|handoff|conversation|identity|customers|outbox|machine|staff|personal|settings|audit)\.[a-z_]*[a-z]"
)
_NO_ACTION = {"request.changed"}
"""Machines hear of that, and no record says it."""


@pytest.fixture
def log(sqlite_store: SqlStore) -> AuditLog:
    return AuditLog(sqlite_store, PHRASES)


def written_actions() -> Iterator[str]:
    """Every text in the services that has the form of an action."""
    for path in (ROOT / "bot" / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and _ACTION.fullmatch(value) and value not in _NO_ACTION:
                yield value


def test_every_action_of_a_company_has_words() -> None:
    actions = set(written_actions())
    assert {"request.opened", "handoff.claimed", "staff.signed_in"} <= actions
    names = PHRASES.names()
    assert sorted(action for action in actions if f"history_{action.replace('.', '_')}" not in names) == []


def test_every_word_to_choose_is_an_action_again(log: AuditLog) -> None:
    chosen = {action for action, _ in log.actions()}
    assert set(written_actions()) <= chosen
    assert "settings.canned_answer_added" in chosen


def test_a_line_names_people_requests_and_changes(log: AuditLog, sqlite_store: SqlStore) -> None:
    with sqlite_store.transaction() as tx:
        tx.staff.add(StaffMember("s1", "sato@example.jp", "佐藤", NOW))
        tx.requests.add(data_subject_request("r1"))
        tx.audit.append(
            "staff:s1", "request.begun", "request:r1", "okura", {"status": "open"}, {"status": "in_progress"}, NOW
        )
        tx.audit.append("staff:gone", "staff.role_changed", "staff:s1", "okura", {}, {"role": "auditor"}, NOW)
        tx.audit.append("machine:a1", "thing.done", "thing:1", "okura", {"x": 1, "y": None}, {"x": 1, "y": ""}, NOW)
    odd, role, begun = log.page(AuditFilter("okura")).lines
    assert (begun.who, begun.subject, begun.receipt) == ("佐藤", "お申し出", "OK-r1")
    assert begun.changes == ["状態：受付中 → 対応中"]
    assert (role.who, role.subject, role.changes) == ("退職した担当者", "佐藤", ["役割：なし → 監査"])
    assert (odd.who, odd.what, odd.subject, odd.changes) == ("外部の窓口", "thing.done", "thing", [])


def test_a_case_is_told_in_the_words_of_the_desk_and_leads_to_its_conversation(
    log: AuditLog, sqlite_store: SqlStore
) -> None:
    with sqlite_store.transaction() as tx:
        tx.staff.add(StaffMember("s1", "sato@example.jp", "佐藤", NOW))
        tx.conversations.add(conversation("c1"))
        tx.handoffs.add(handoff("h1", conversation="c1"))
        before, after = {"status": "waiting"}, {"status": "claimed", "reason": "asked", "to": "s1"}
        tx.audit.append("staff:s1", "handoff.assigned", "handoff:h1", "okura", before, after, NOW)
        tx.audit.append("staff:s1", "conversation.noted", "conversation:gone", "okura", {}, {"on": True}, NOW)
        state = {"type": "stop_use", "identity": "manual", "ground": "harm_to_rights", "outcome": "denied"}
        tx.audit.append("staff:s1", "request.decided", "request:gone", "okura", {"status": "open"}, state, NOW)
    decided, noted, assigned = log.page(AuditFilter("okura")).lines
    assert assigned.changes == ["状態：お待ち → 対応中", "理由：なし → 担当者と話したい", "新しい担当者：なし → 佐藤"]
    assert (assigned.conversation, noted.conversation) == ("c1", "")
    assert noted.changes == ["お知らせ：なし → はい"]
    assert "種類：なし → 利用停止" in decided.changes
    assert "ご本人の確認：なし → 書類で確認する" in decided.changes
    assert "結果：なし → 断る" in decided.changes
    assert any(line.startswith("断る理由：なし → 開示すると") for line in decided.changes)


def test_whoever_works_for_a_store_sees_no_other_stores_conversations(log: AuditLog, sqlite_store: SqlStore) -> None:
    with sqlite_store.transaction() as tx:
        for store in ("shinjo", "sakata"):
            tx.conversations.add(conversation(store, store=store))
            tx.handoffs.add(handoff(f"h-{store}", conversation=store, store=store))
            tx.audit.append("customer", "handoff.opened", f"handoff:h-{store}", "okura", {}, {}, NOW)
            tx.audit.append("desk", "conversation.noted", f"conversation:{store}", "okura", {}, {}, NOW)
    assert [line.conversation for line in log.page(AuditFilter("okura"), "shinjo").lines] == ["shinjo", "shinjo"]
    assert len(log.page(AuditFilter("okura")).lines) == 4


def test_pages_follow_each_other(log: AuditLog, sqlite_store: SqlStore) -> None:
    with sqlite_store.transaction() as tx:
        for number in range(4):
            tx.audit.append("desk", "request.opened", f"request:{number}", "okura", {}, {}, NOW)
    first = log.page(AuditFilter("okura", limit=2))
    last = log.page(AuditFilter("okura", limit=2, before=first.more))
    assert [[line.seq for line in page.lines] for page in (first, last)] == [[4, 3], [2, 1]]
    assert (first.more, last.more) == ((NOW, 3), None)


def test_whoever_works_for_a_store_sees_no_other_stores_requests(log: AuditLog, sqlite_store: SqlStore) -> None:
    with sqlite_store.transaction() as tx:
        for store in ("shinjo", "sakata", None):
            tx.requests.add(data_subject_request(f"r-{store}", store=store))
            tx.audit.append("desk", "request.opened", f"request:r-{store}", "okura", {}, {}, NOW)
        tx.audit.append("desk", "settings.day_closed", "company:okura", "okura", {}, {}, NOW)
    assert [line.receipt for line in log.page(AuditFilter("okura"), "shinjo").lines] == ["", "OK-r-None", "OK-r-shinjo"]
    assert "OK-r-sakata" not in "".join(log.spreadsheet(AuditFilter("okura"), "shinjo"))
    assert "OK-r-sakata" in "".join(log.spreadsheet(AuditFilter("okura")))


def test_those_who_may_have_acted_are_a_companys_own(log: AuditLog, sqlite_store: SqlStore) -> None:
    with sqlite_store.transaction() as tx:
        for name, company in (("佐藤", "okura"), ("中村", "kagoshima")):
            tx.staff.add(StaffMember(name, f"{company}@example.jp", name, NOW))
            tx.staff.put_membership(Membership(name, company, Role.CLERK))
    assert [name for _, name in log.actors("okura")] == ["佐藤", "お客さま", "窓口（自動）", "システム管理者"]
