from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import NotFound
from bot.services.casework.worker import Worker
from bot.services.ports import UNDERSTOOD
from tests.records import customer, data_subject_request, message
from tests.unit.services.casework.conftest import OTHER_COMPANY, SATOH, SUZUKI, Office


def test_a_file_has_all_that_belongs_to_a_conversation(office: Office) -> None:
    until = office.clock.now() + timedelta(minutes=30)
    case = office.waits(verified_customer="k1", verified_until=until)
    understood = {"intent": "ask_policy", "confidence": 0.9, "topics": ["recall"]}
    with office.store.transaction() as tx:
        tx.customers.save_many([customer()])
        tx.requests.add(data_subject_request(conversation="c1"))
        tx.requests.add(data_subject_request("r2"))
        tx.conversations.add_message(message("m1"))
        tx.conversations.add_message(message("m2", author="bot", reply_to="m1", body={UNDERSTOOD: understood}))
    office.cases.claim(SATOH, case.id)
    office.queue.look_at(SUZUKI, "conversation:c1")
    file = office.files.open(SUZUKI, "c1")
    assert (file.case and file.case.id, file.last_seq) == (case.id, 2)
    assert [one.id for one in file.requests] == ["r1"]
    assert file.understood == {"m1": understood}
    assert (file.customer and file.customer.id, file.verified_now) == ("k1", True)
    assert (file.names, file.looking) == ({"satoh": "佐藤", "suzuki": "鈴木"}, ["suzuki"])
    assert [one.id for one in office.files.messages(SATOH, "c1", 1).messages] == ["m2"]


def test_a_verification_that_ran_out_is_told_as_such(office: Office) -> None:
    office.waits(verified_customer="k1", verified_until=office.clock.now())
    with office.store.transaction() as tx:
        tx.customers.save_many([customer()])
    assert not office.files.open(SATOH, "c1").verified_now


def test_a_request_is_watched_by_who_may_see_it(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.requests.add(data_subject_request(store="honsha"))
    office.files.check_request(SATOH, "r1")
    for stranger in (OTHER_COMPANY, Worker("s", "", "okura", store="shinjo")):
        with pytest.raises(NotFound):
            office.files.check_request(stranger, "r1")
    with pytest.raises(NotFound):
        office.files.check_request(SATOH, "nothing")
