from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.storage.store import SqlStore
from tests.records import customer


def test_after_an_import_the_planner_knows_the_rows(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer(f"k{number}") for number in range(50)])
        tx.customers.settle()
    with store.session() as session:
        if session.connection.dialect.name == "postgresql":
            counted = text("SELECT reltuples FROM pg_class WHERE relname = 'customers'")
            assert session.connection.execute(counted).scalar() == 50


def test_every_field_comes_back(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer()])
        assert tx.customers.get("k1") == customer()
        assert tx.customers.get("nobody") is None
        assert tx.customers.get_many_by_no("okura", ["no-k1", "no-k2"]) == {"no-k1": customer()}
        assert tx.customers.get_many_by_no("kagoshima", ["no-k1"]) == {}


@pytest.mark.parametrize("name", ["髙橋 花子", "高橋花子", "高橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", "たかはし・はなこ"])
def test_a_person_is_found_by_name_or_kana_however_written(store: SqlStore, name: str) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer(), customer("k2", name="佐藤 花子", name_kana="サトウ ハナコ")])
        assert [found.id for found in tx.customers.find_by_name("okura", name)] == ["k1"]
        assert tx.customers.find_by_name("kagoshima", name) == []


@pytest.mark.parametrize(
    "contact", ["Hanako@Example.JP", "ｈａｎａｋｏ＠example.jp", "090-1234-5678", "+81 90 1234 5678", "山形500あ1234"]
)
def test_a_person_is_found_by_contact_however_written(store: SqlStore, contact: str) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer(), customer("k2", email="", phone="", plates=())])
        assert [found.id for found in tx.customers.find_by_contact("okura", contact)] == ["k1"]
        assert tx.customers.find_by_contact("kagoshima", contact) == []


def test_an_empty_contact_finds_nobody(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer("k2", email="", phone="", plates=(), name_kana="")])
        assert tx.customers.find_by_contact("okura", "") == []
        assert tx.customers.find_by_name("okura", " ") == []


def test_a_family_shares_an_address(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer("k1"), customer("k2", name="髙橋 太郎", name_kana="")])
        found = tx.customers.find_by_contact("okura", "hanako@example.jp")
        assert [one.id for one in found] == ["k1", "k2"]


def test_a_second_import_updates_and_keeps_the_id(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer()])
    with store.transaction() as tx:
        tx.customers.save_many([customer("other", customer_no="no-k1", email="new@example.jp", plates=())])
        assert tx.customers.get("k1") == customer(email="new@example.jp", plates=())
        assert tx.customers.get("other") is None
        assert tx.customers.find_by_contact("okura", "hanako@example.jp") == []
        assert tx.customers.find_by_contact("okura", "山形500あ1234") == []
        assert [found.id for found in tx.customers.find_by_contact("okura", "new@example.jp")] == ["k1"]


def test_one_number_at_two_companies_is_two_persons(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer("k1", customer_no="1"), customer("k2", customer_no="1", company="kagoshima")])
        assert tx.customers.count() == 2
        assert tx.customers.count("okura") == 1
        assert [one.id for one in tx.customers.find_by_name("kagoshima", "高橋花子")] == ["k2"]


def test_more_than_a_statement_holds(store: SqlStore) -> None:
    many = [customer(f"k{number}", email=f"{number}@example.jp") for number in range(1201)]
    with store.transaction() as tx:
        tx.customers.save_many(many)
        assert tx.customers.count("okura") == 1201
        numbers = [one.customer_no for one in many]
        assert len(tx.customers.get_many_by_no("okura", numbers)) == 1201
        assert [one.id for one in tx.customers.find_by_contact("okura", "1200@example.jp")] == ["k1200"]


def test_the_last_of_two_lines_with_one_number_wins(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer("k1", customer_no="1"), customer("k2", customer_no="1", email="b@example.jp")])
        assert [one.email for one in tx.customers.get_many_by_no("okura", ["1"]).values()] == ["b@example.jp"]
        assert tx.customers.count() == 1


def test_erasing_takes_the_look_ups_along(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer()])
        tx.customers.erase("k1")
        assert tx.customers.get("k1") is None
        assert tx.customers.find_by_name("okura", "高橋花子") == []
        assert tx.customers.find_by_contact("okura", "hanako@example.jp") == []


def test_of_many_namesakes_a_hundred_are_found(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.customers.save_many([customer(f"k{number:03d}") for number in range(120)])
        assert len(tx.customers.find_by_name("okura", "髙橋花子")) == 100
