"""What the passing of time asks for."""

from datetime import date, datetime, timezone

from bot.privacy.statuses import IdentityStatus, Status
from bot.services.decisions import Decision


def test_staff_are_reminded_once_a_stage(desk):
    request = desk.opened()
    stages = []
    for _ in range(16):
        stages += [reminder.stage for reminder in desk.due.reminders("okura")]
        desk.due.send_reminders()
        desk.due.send_reminders()
        desk.clock.advance(days=1)
    assert stages == ["half"] * 3 + ["three_quarters"] * 5 + ["overdue"]
    sent = [text for _, recipient, text in desk.outbox() if recipient == "ookura@mui.biglobe.ne.jp"]
    assert len(sent) == 3
    assert all(request.receipt in text and "山田" not in text for text in sent)
    desk.decisions.decide(request.id, Decision(Status.FULFILLED, "おわりました。", despite="台帳で済ませたため"), "s1")
    assert desk.due.reminders() == []


def test_who_is_away_at_new_year_is_reminded_before(desk):
    away = {(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)}
    desk.companies.changed = {"closed_each_year": frozenset(away)}
    desk.clock.advance(days=(datetime(2026, 12, 23, tzinfo=timezone.utc) - desk.clock.now()).days + 1)
    request = desk.opened()
    assert (request.created_at.day, request.due_date) == (23, date(2027, 1, 6))
    desk.clock.advance(days=4)
    assert desk.due.reminders() == []
    desk.clock.advance(days=1)
    assert [reminder.stage for reminder in desk.due.reminders()] == ["three_quarters"]


def test_reminders_go_through_every_page(desk, monkeypatch):
    monkeypatch.setattr("bot.services.due_requests._A_PAGE", 2)
    receipts = {desk.opened().receipt for _ in range(5)}
    desk.clock.advance(days=16)
    assert {reminder.request.receipt for reminder in desk.due.reminders()} == receipts
    assert desk.due.reminders("kagoshima") == []


def test_only_requests_nobody_proved_run_out(desk):
    unproven, proven = desk.opened(identity=IdentityStatus.MANUAL), desk.opened()
    stop = desk.opened("stop_marketing", IdentityStatus.UNVERIFIED)
    desk.clock.advance(days=14 + 30)
    assert desk.due.expire(days=30) == 0
    desk.clock.advance(days=1)
    assert desk.due.expire(days=30) == 1
    assert desk.requests.get(unproven.receipt).status is Status.EXPIRED
    assert {desk.requests.get(one.receipt).status for one in (proven, stop)} == {Status.OPEN}
    assert unproven.receipt in desk.messages()[-1]
    assert desk.outbox() == []
