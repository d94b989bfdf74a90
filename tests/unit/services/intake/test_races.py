"""Many messages at once, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import Unavailable
from bot.services.intake import Intake
from tests.unit.services.intake.talk import TARO, Talk, give


@pytest.fixture
def t(store, phrases, vault, clock, settings, companies):
    give(store, TARO)
    intake = Intake(store, phrases, vault, clock, settings, companies)
    return Talk(intake, store, companies, clock, "okura", "web")


def test_send_pressed_20_times_at_once_is_one_request(t):
    t.wants("stop_marketing", "090-1234-5678への電話やめて")
    t.says("はい")
    turns = [t.turn("送信する") for _ in range(20)]
    with ThreadPoolExecutor(8) as pool:
        heard = {"\n".join(reply.text for reply in replies) for replies in pool.map(t.intake.answer, turns)}
    assert len(t.requests()) == 1
    assert len(heard) == 1


def test_the_right_code_at_once_from_many_tabs_verifies_once(t, store):
    t.wants("provision_records", "記録を紙で見せて")
    t.says("山田太郎")
    t.says("taro@example.jp")
    code = t.code()
    turns = [t.turn(code) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        heard = [
            any("確認しました。ありがとう" in r.text for r in replies) for replies in pool.map(t.intake.answer, turns)
        ]
    assert heard.count(True) == 1


class _Limitless:
    """A store whose counters don't answer."""

    def __init__(self, store):
        self._store = store

    def transaction(self, read_only=False):
        return _BrokenLimits(self._store.transaction(read_only))


class _BrokenLimits:
    def __init__(self, opened):
        self._opened = opened

    def __enter__(self):
        self._tx = self._opened.__enter__()
        return self

    def __exit__(self, *error):
        return self._opened.__exit__(*error)

    def __getattr__(self, name):
        return self if name == "limits" else getattr(self._tx, name)

    def take(self, *counted):
        raise Unavailable("no counters")

    count = take


def test_without_counters_codes_fail_closed_and_the_form_stays(t, store, phrases, vault, clock, settings, companies):
    t.wants("provision_records", "記録を紙で見せて")
    t.says("山田太郎")
    t.says("taro@example.jp")
    code = t.code()
    working, t.intake = t.intake, Intake(_Limitless(store), phrases, vault, clock, settings, companies)
    assert "ただいま確認コードを扱えません" in t.says(code)
    assert "ただいま確認コードを扱えません" in t.does("resend")
    t.intake = working
    assert "確認コードを確認しました" in t.says(code)
