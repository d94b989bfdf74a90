from __future__ import annotations

from datetime import date, time

from bot.services.ports.company_settings import CannedAnswer, ClosedDay, StaffChoices
from bot.storage.store import SqlStore

OBON = ClosedDay("okura", date(2026, 8, 13), "夏季休業")


def test_nothing_is_set_at_first(store: SqlStore) -> None:
    with store.transaction(read_only=True) as tx:
        assert tx.company_settings.get("okura") == StaffChoices("okura")
        assert tx.company_settings.closed_days("okura") == []


def test_choices_come_back_and_are_one_companys(store: SqlStore) -> None:
    chosen = StaffChoices("okura", {5: (time(9), time(12, 30))}, True, False, "担当者が一人のため", "混み合っています")
    with store.transaction() as tx:
        tx.company_settings.save(StaffChoices("okura", {0: (time(8), time(9))}))
        tx.company_settings.save(chosen)
        assert tx.company_settings.get("okura") == chosen
        assert tx.company_settings.get("kagoshima") == StaffChoices("kagoshima")


def test_to_be_closed_all_week_is_a_choice_too(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.company_settings.save(StaffChoices("okura", {}))
        assert tx.company_settings.get("okura").opening_hours == {}


def test_closed_days_are_in_order_and_each_is_there_once(store: SqlStore) -> None:
    later = ClosedDay("okura", date(2026, 12, 30))
    with store.transaction() as tx:
        assert tx.company_settings.close(later)
        assert tx.company_settings.close(OBON)
        assert not tx.company_settings.close(ClosedDay("okura", OBON.day, "別の理由"))
        assert tx.company_settings.close(ClosedDay("kagoshima", OBON.day))
        assert tx.company_settings.closed_days("okura") == [OBON, later]
        assert tx.company_settings.closed_days("okura", date(2026, 8, 14)) == [later]


def test_a_closed_day_is_taken_back_once(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.company_settings.close(OBON)
        assert not tx.company_settings.open("kagoshima", OBON.day)
        assert tx.company_settings.open("okura", OBON.day)
        assert not tx.company_settings.open("okura", OBON.day)
        assert tx.company_settings.closed_days("okura") == []


def test_canned_answers_stand_in_their_order(store: SqlStore) -> None:
    first = CannedAnswer("a2", "okura", "ごあいさつ", "お問い合わせありがとうございます。", 1)
    second = CannedAnswer("a1", "okura", "営業時間", "平日の9時からです。", 2)
    with store.transaction() as tx:
        for answer in (second, first, CannedAnswer("a3", "kagoshima", "駐車場", "ございます。")):
            tx.canned_answers.save(answer)
        assert tx.canned_answers.list("okura") == [first, second]
        assert tx.canned_answers.get("a1") == second


def test_a_canned_answer_changes_but_never_its_company(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.canned_answers.save(CannedAnswer("a1", "okura", "営業時間", "9時からです。"))
        tx.canned_answers.save(CannedAnswer("a1", "kagoshima", "時間", "10時からです。", 3))
        assert tx.canned_answers.get("a1") == CannedAnswer("a1", "okura", "時間", "10時からです。", 3)
        assert tx.canned_answers.delete("a1")
        assert not tx.canned_answers.delete("a1")
        assert tx.canned_answers.get("a1") is None
