from __future__ import annotations

from bot.privacy.handoff import HandoffReason
from bot.services.casework.worker import Worker
from bot.services.records import OutboundMessage
from tests.unit.services.casework.conftest import SATOH, SUZUKI, Office

SHINJO = Worker("shinjo", "新庄", "okura", "shinjo")


def mails(office: Office) -> list[OutboundMessage]:
    with office.store.transaction(read_only=True) as tx:
        return tx.outbox.find("waiting")


def test_only_who_wants_it_is_told_and_nobody_is_named(office: Office) -> None:
    office.alerts.switch(SATOH, on=True)
    assert office.alerts.is_on(SATOH)
    assert not office.alerts.is_on(SUZUKI)
    office.clock.advance(minutes=11)
    office.waits(external_id="U-customer")
    assert office.alerts.send() == 1
    [mail] = mails(office)
    assert (mail.recipient, mail.subject) == ("satoh@example.jp", "【有限会社大蔵自動車】お客さまがお待ちです（1件）")
    assert "https://desk.example/staff/okura/queue" in mail.text
    assert "U-customer" not in mail.text
    assert office.audited()[0] == ("staff:satoh", "staff.alerts_switched")


def test_many_cases_are_told_together(office: Office) -> None:
    office.alerts.switch(SATOH, on=True)
    office.clock.advance(minutes=11)
    for name in ("c1", "c2", "c3"):
        office.waits(name)
        office.alerts.send()
        office.clock.advance(minutes=1)
    assert [mail.subject for mail in mails(office)] == ["【有限会社大蔵自動車】お客さまがお待ちです（1件）"]
    office.clock.advance(minutes=8)
    assert office.alerts.send() == 1
    assert mails(office)[-1].subject.endswith("お待ちです（3件）")
    office.clock.advance(minutes=30)
    assert office.alerts.send() == 0  # Nothing new.


def test_a_leak_and_a_case_that_was_raised_do_not_wait(office: Office) -> None:
    office.alerts.switch(SATOH, on=True)
    office.clock.advance(seconds=1)
    office.waits(reason=HandoffReason.LEAK)
    assert office.alerts.send() == 1
    assert mails(office)[-1].subject.startswith("【至急・")
    office.clock.advance(seconds=1)
    office.waits("c2")
    assert office.alerts.send() == 0
    office.clock.advance(minutes=10)
    office.waiting.raise_overdue()
    office.clock.advance(seconds=1)
    assert office.alerts.send() == 1


def test_who_switched_it_off_or_left_is_told_no_more(office: Office) -> None:
    for worker in (SATOH, SUZUKI):
        office.alerts.switch(worker, on=True)
    office.alerts.switch(SATOH, on=False)
    with office.store.transaction() as tx:
        tx.staff.drop_membership("suzuki", "okura")
    office.clock.advance(minutes=11)
    office.waits()
    assert office.alerts.send() == 0
    assert not office.alerts.is_on(SUZUKI)


def test_a_store_is_told_of_its_own_cases(office: Office) -> None:
    office.staff(SHINJO, store="shinjo")
    office.alerts.switch(SHINJO, on=True)
    office.clock.advance(minutes=11)
    office.waits("c1", store="honsha")
    assert office.alerts.send() == 0
    office.waits("c2", store="shinjo")
    assert office.alerts.send() == 1
