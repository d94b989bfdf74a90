from __future__ import annotations

import re

import pytest

from bot.services.staff.links import LinkOver
from bot.services.staff.passwords import WeakPassword
from bot.services.staff.records import LinkKind, Stage
from bot.services.staff.register import Place
from bot.services.staff.roles import Role
from bot.services.staff.sign_in import TooManyTries, Visitor
from bot.services.verification import NOBODY
from tests.staff import PASSWORD
from tests.unit.services.staff.conftest import EMAIL, VISITOR, House, enter

NEW = "another horse battery"


def token_in(text: str) -> str:
    found = re.search(r"/staff/\w+/(\S+)", text)
    assert found
    return found[1]


def invited(house: House) -> str:
    link = house.staff.register.add("taro@example.jp", "太郎", Place("okura", Role.CLERK)).link
    return token_in(link or "")


class TestInvitation:
    def test_it_is_accepted_once(self, house: House) -> None:
        token = invited(house)
        entered = house.staff.access.set_password(token, LinkKind.INVITATION, NEW, VISITOR)
        assert entered.stage is Stage.FULL
        assert enter(house, "taro@example.jp", NEW)
        with pytest.raises(LinkOver):
            house.staff.access.set_password(token, LinkKind.INVITATION, PASSWORD, VISITOR)
        assert "staff.joined" in house.actions()

    def test_it_is_good_for_72_hours(self, house: House) -> None:
        token = invited(house)
        house.clock.advance(hours=71, minutes=59)
        assert house.staff.access.read(token, LinkKind.INVITATION)
        house.clock.advance(minutes=1)
        with pytest.raises(LinkOver):
            house.staff.access.read(token, LinkKind.INVITATION)

    def test_looking_at_it_does_not_use_it_up(self, house: House) -> None:
        token = invited(house)
        for _ in range(3):
            assert house.staff.access.read(token, LinkKind.INVITATION).staff.name == "太郎"

    def test_a_weak_password_leaves_it_open(self, house: House) -> None:
        token = invited(house)
        with pytest.raises(WeakPassword):
            house.staff.access.set_password(token, LinkKind.INVITATION, "short", VISITOR)
        assert house.staff.access.read(token, LinkKind.INVITATION)

    def test_it_opens_nothing_else(self, house: House) -> None:
        with pytest.raises(LinkOver):
            house.staff.access.read(invited(house), LinkKind.PASSWORD)


class TestForgotten:
    def test_a_link_sets_a_new_password_and_ends_all_sessions(self, house: House) -> None:
        before = enter(house).token
        house.staff.access.forgotten("Hanako@EXAMPLE.jp", VISITOR)
        token = token_in(house.mails()[-1])
        house.staff.access.set_password(token, LinkKind.PASSWORD, NEW, VISITOR)
        assert house.staff.sessions.find(before) is None
        assert enter(house, password=NEW)
        with pytest.raises(LinkOver):
            house.staff.access.read(token, LinkKind.PASSWORD)

    def test_it_goes_past_no_second_factor(self, house: House) -> None:
        with house.store.transaction() as tx:
            tx.staff.set_second_factor(house.member().id, "SECRETSECRET", 0, ())
        house.staff.access.forgotten(EMAIL, VISITOR)
        token = token_in(house.mails()[-1])
        assert house.staff.access.set_password(token, LinkKind.PASSWORD, NEW, VISITOR).stage is Stage.CODE

    def test_it_is_good_for_an_hour(self, house: House) -> None:
        house.staff.access.forgotten(EMAIL, VISITOR)
        house.clock.advance(hours=1)
        with pytest.raises(LinkOver):
            house.staff.access.read(token_in(house.mails()[-1]), LinkKind.PASSWORD)

    def test_an_unknown_address_costs_a_message_that_goes_nowhere(self, house: House) -> None:
        house.staff.access.forgotten("nobody@example.jp", VISITOR)
        assert house.mails() == []
        with house.store.transaction(read_only=True) as tx:
            sent = tx.outbox.find("sent")
        assert [message.recipient for message in sent] == [NOBODY]
        with pytest.raises(LinkOver):
            house.staff.access.read(token_in(sent[0].text), LinkKind.PASSWORD)

    def test_one_person_is_not_flooded(self, house: House) -> None:
        for number in range(5):
            house.staff.access.forgotten(EMAIL, Visitor(f"192.0.2.{number}", ""))
        assert len(house.mails()) == 3

    def test_one_address_is_stopped(self, house: House) -> None:
        for number in range(20):
            house.staff.access.forgotten(f"person{number}@example.jp", VISITOR)
        with pytest.raises(TooManyTries):
            house.staff.access.forgotten("one.more@example.jp", VISITOR)

    def test_who_works_nowhere_gets_none(self, house: House) -> None:
        house.staff.register.remove_everywhere(EMAIL, None)
        house.staff.access.forgotten(EMAIL, VISITOR)
        assert house.mails() == []


def test_changing_the_password_ends_links_that_were_sent(house: House) -> None:
    house.staff.access.forgotten(EMAIL, VISITOR)
    token = token_in(house.mails()[-1])
    here = house.staff.sessions.find(enter(house).token)
    assert here
    house.staff.own_account.change_password(here, PASSWORD, NEW, VISITOR)
    with pytest.raises(LinkOver):
        house.staff.access.read(token, LinkKind.PASSWORD)
