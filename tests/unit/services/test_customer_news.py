"""By which ways news reaches a customer, and by which it doesn't."""

from dataclasses import replace

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


def test_who_has_no_e_mail_hears_it_in_the_conversation(desk):
    with desk.store.transaction() as tx:
        tx.customers.save_many([replace(TARO, email="")])
    _tell(desk, desk.opened())
    assert (desk.outbox(), len(desk.messages())) == ([], 1)


def test_without_a_conversation_the_e_mail_goes_out(desk):
    _tell(desk, desk.opened(conversation=None))
    assert (len(desk.outbox()), desk.messages()) == (1, [])


def test_the_same_news_is_mailed_once(desk):
    request = desk.opened()
    _tell(desk, request)
    _tell(desk, request)
    assert len(desk.outbox()) == 1
