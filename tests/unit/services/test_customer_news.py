"""By which ways news reaches a customer, and by which it doesn't."""

from dataclasses import replace

import pytest

from bot.privacy.statuses import IdentityStatus
from tests.unit.services.conftest import TARO

WORDS = {"due": "2026年7月1日（水）", "reason": "調査のため"}


def _tell(desk, request, key="k1"):
    with desk.store.transaction() as tx:
        desk.requests.news.tell(tx, request, "extension", key, desk.clock.now(), WORDS)


def test_the_conversation_and_the_e_mail_on_file(desk):
    _tell(desk, desk.opened())
    [mail] = desk.outbox()
    assert mail[:2] == ("email", TARO.email)
    assert "調査のため" in mail[2]
    assert "調査のため" in desk.messages()[0]


def test_an_address_said_by_somebody_unproven_gets_nothing(desk):
    _tell(desk, desk.opened(identity=IdentityStatus.MANUAL, claimant={"contact": "intruder@example.jp"}))
    assert desk.outbox() == []
    assert len(desk.messages()) == 1


@pytest.mark.parametrize(("channel", "phone"), [("line", TARO.phone), ("web", "+81233753111"), ("web", "")])
def test_who_has_no_e_mail_hears_it_in_the_conversation(desk, channel, phone):
    with desk.store.transaction() as tx:
        tx.customers.save_many([replace(TARO, email="", phone=phone)])
    _tell(desk, desk.opened(channel=channel))
    assert (desk.outbox(), len(desk.messages())) == ([], 1)


def test_who_has_a_mobile_number_alone_hears_by_sms_that_there_is_news(desk):
    with desk.store.transaction() as tx:
        tx.customers.save_many([replace(TARO, email="")])
    request = desk.opened(channel="web")
    _tell(desk, request)
    _tell(desk, request)
    [(kind, number, text)] = desk.outbox()
    assert (kind, number) == ("sms", TARO.phone)
    assert request.receipt in text
    assert "調査のため" not in text
    assert _told_by_sms(desk, desk.opened(channel="web", identity=IdentityStatus.MANUAL)) is None


def _told_by_sms(desk, request):
    with desk.store.transaction() as tx:
        return desk.requests.news.compose(tx, request, "extension", WORDS).mail


def test_without_a_conversation_the_e_mail_goes_out(desk):
    _tell(desk, desk.opened(conversation=None))
    assert (len(desk.outbox()), desk.messages()) == (1, [])


def test_the_same_news_is_mailed_once(desk):
    request = desk.opened()
    _tell(desk, request)
    _tell(desk, request)
    assert len(desk.outbox()) == 1
