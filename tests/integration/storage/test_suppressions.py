from __future__ import annotations

from datetime import timedelta

import pytest

from bot.storage.store import SqlStore
from tests.records import NOW, customer, suppression


def test_every_field_comes_back_in_order(store: SqlStore) -> None:
    first = suppression("s2", contact="+819012345678", means="sms", request="r1", customer="k1")
    second = suppression("s1", since=NOW + timedelta(minutes=1))
    other = suppression("s3", company="kagoshima")
    with store.transaction() as tx:
        assert all(tx.suppressions.add(one) for one in (second, first, other))
        assert tx.suppressions.find("okura") == [first, second]
        assert tx.suppressions.find() == [first, other, second]


def test_the_same_is_suppressed_once(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert tx.suppressions.add(suppression("s1"))
        assert not tx.suppressions.add(suppression("s2", contact="HANAKO@example.jp"))
        assert tx.suppressions.add(suppression("s3", means="all"))
        assert tx.suppressions.add(suppression("s4", purpose="marketing_and_inspection"))
        assert tx.suppressions.add(suppression("s5", company="kagoshima"))


def test_a_persons_are_found_by_id_and_by_contact(store: SqlStore) -> None:
    hanako = customer("k1", email="hanako@example.jp")
    with store.transaction() as tx:
        tx.suppressions.add(suppression("s1", since=NOW + timedelta(hours=1)))
        tx.suppressions.add(suppression("s2", contact="elsewhere@example.jp", customer="k1"))
        tx.suppressions.add(suppression("s3", contact="taro@example.jp", customer="k2"))
        tx.suppressions.add(suppression("s4", company="kagoshima", customer="k1"))
        assert [one.id for one in tx.suppressions.of_person(hanako)] == ["s2", "s1"]


def test_a_suppression_needs_a_contact(store: SqlStore) -> None:
    with store.transaction() as tx, pytest.raises(ValueError, match="contact"):
        tx.suppressions.add(suppression(contact=None))


def test_it_holds_however_the_contact_is_written(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.suppressions.add(suppression("s1"))
        tx.suppressions.add(suppression("s2", contact="090-1234-5678", means="phone"))
        tx.suppressions.add(suppression("s3", contact="山形県新庄市本町１−２−３", means="post"))
        assert tx.suppressions.suppressed("okura", ["Hanako@Example.jp"], "email", "marketing")
        assert tx.suppressions.suppressed("okura", ["+819012345678"], "phone", "marketing")
        assert tx.suppressions.suppressed("okura", ["山形県新庄市 本町1-2-3"], "post", "marketing")


def test_it_holds_for_its_company_means_and_purpose_alone(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.suppressions.add(suppression())
        assert not tx.suppressions.suppressed("kagoshima", ["hanako@example.jp"], "email", "marketing")
        assert not tx.suppressions.suppressed("okura", ["taro@example.jp"], "email", "marketing")
        assert not tx.suppressions.suppressed("okura", ["hanako@example.jp"], "post", "marketing")
        assert not tx.suppressions.suppressed("okura", ["hanako@example.jp"], "email", "inspection")


def test_all_means_and_the_widest_purpose_cover_the_narrower(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.suppressions.add(suppression(means="all", purpose="marketing_and_inspection"))
        for means in ("email", "sms", "phone", "post", "line"):
            for purpose in ("marketing", "inspection", "marketing_and_inspection"):
                assert tx.suppressions.suppressed("okura", ["hanako@example.jp"], means, purpose)
        assert not tx.suppressions.suppressed("okura", ["taro@example.jp"], "email", "marketing")


def test_after_erasure_the_hash_alone_goes_on_working(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.suppressions.add(suppression("linked", customer="k1", contact="linked@example.jp"))
        tx.suppressions.forget_contact("k1")
        (left,) = tx.suppressions.find()
        assert (left.contact, left.customer) == (None, None)
        assert tx.suppressions.suppressed("okura", ["linked@example.jp"], "email", "marketing")
        assert not tx.suppressions.add(suppression("again", contact="linked@example.jp"))


def test_contacts_suppressed_before_anybody_knew_whose_they_are_are_forgotten_too(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer()])
        tx.suppressions.add(suppression("email"))
        tx.suppressions.add(suppression("phone", contact="090-1234-5678", means="phone"))
        tx.suppressions.add(suppression("former", contact="old@example.jp"))
        tx.suppressions.add(suppression("another's", contact="taro@example.jp"))
        tx.suppressions.forget_contact("k1")
        readable = {one.id for one in tx.suppressions.find() if one.contact is not None}
        assert readable == {"another's"}
