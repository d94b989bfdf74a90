from __future__ import annotations

import pytest

from bot.errors import NotFound
from bot.services.canned_answers import LONGEST_TEXT, LONGEST_TITLE, MOST, CannedAnswers
from bot.services.company_settings import SettingRefused
from bot.storage.store import SqlStore
from tests.conftest import FixedClock


@pytest.fixture
def answers(sqlite_store: SqlStore, clock: FixedClock) -> CannedAnswers:
    return CannedAnswers(sqlite_store, clock)


def titles(answers: CannedAnswers, company: str = "okura") -> list[str]:
    return [answer.title for answer in answers.list(company)]


def test_answers_are_a_companys_own_and_as_typed(answers: CannedAnswers) -> None:
    made = answers.add("okura", "  営業 \n 時間 ", "平日の9時からです。\r\nお待ちしております。\r\n", "s1")
    assert (made.title, made.text) == ("営業 時間", "平日の9時からです。\nお待ちしております。")
    assert answers.list("okura") == [made]
    assert answers.list("kagoshima") == []


def test_a_new_one_comes_last_and_moves_up(answers: CannedAnswers) -> None:
    made = [answers.add("okura", title, "…", "s1") for title in ("一", "二", "三")]
    answers.move_up("okura", made[2].id, "s1")
    assert titles(answers) == ["一", "三", "二"]
    answers.move_up("okura", made[0].id, "s1")
    assert titles(answers) == ["一", "三", "二"]
    answers.delete("okura", made[0].id, "s1")
    answers.add("okura", "四", "…", "s1")
    assert titles(answers) == ["三", "二", "四"]


def test_a_change_leaves_its_place(answers: CannedAnswers) -> None:
    first, _ = (answers.add("okura", title, "…", "s1") for title in ("一", "二"))
    answers.change("okura", first.id, "壱", "変えました", "s1")
    assert titles(answers) == ["壱", "二"]
    assert answers.get("okura", first.id).text == "変えました"


def test_another_companys_answer_can_be_neither_read_nor_changed(answers: CannedAnswers) -> None:
    theirs = answers.add("kagoshima", "題", "文", "s1")
    for attempt in (
        lambda: answers.get("okura", theirs.id),
        lambda: answers.change("okura", theirs.id, "a", "b", "s2"),
        lambda: answers.move_up("okura", theirs.id, "s2"),
        lambda: answers.delete("okura", theirs.id, "s2"),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert answers.list("kagoshima") == [theirs]


@pytest.mark.parametrize(
    ("title", "text", "phrase"),
    [
        (" ", "文", "setting_answer_empty"),
        ("題", "\r\n", "setting_answer_empty"),
        ("題" * (LONGEST_TITLE + 1), "文", "setting_too_long"),
        ("題", "文" * (LONGEST_TEXT + 1), "setting_too_long"),
    ],
)
def test_empty_and_endless_ones_are_refused(answers: CannedAnswers, title: str, text: str, phrase: str) -> None:
    kept = answers.add("okura", "題", "文", "s1")
    with pytest.raises(SettingRefused, match=phrase):
        answers.add("okura", title, text, "s1")
    with pytest.raises(SettingRefused, match=phrase):
        answers.change("okura", kept.id, title, text, "s1")
    assert answers.list("okura") == [kept]


def test_a_list_that_nobody_could_pick_from_is_refused(answers: CannedAnswers) -> None:
    for number in range(MOST):
        answers.add("okura", str(number), "…", "s1")
    with pytest.raises(SettingRefused, match="setting_answers_full"):
        answers.add("okura", "もう一つ", "…", "s1")


def test_every_change_is_audited_without_its_words(answers: CannedAnswers, sqlite_store: SqlStore) -> None:
    first, second = (answers.add("okura", title, "秘密の文", "s1") for title in ("一", "二"))
    answers.change("okura", first.id, "一", "別の文", "s2")
    answers.change("okura", first.id, "一", "別の文", "s2")
    answers.move_up("okura", second.id, "s2")
    answers.delete("okura", first.id, "s2")
    with sqlite_store.transaction(read_only=True) as tx:
        records = list(tx.audit.records())
    assert [(one.actor, one.action.removeprefix("settings.canned_answer_")) for one in records] == [
        ("staff:s1", "added"),
        ("staff:s1", "added"),
        ("staff:s2", "changed"),
        ("staff:s2", "moved"),
        ("staff:s2", "deleted"),
    ]
    assert {one.company for one in records} == {"okura"}
    assert "文" not in str(records)
