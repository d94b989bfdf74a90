"""Why a code was refused is nobody's business (attack 10)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.services.records import Customer
from tests.conftest import FixedClock
from tests.unit.services.intake.talk import Talk


def _asked(talk: Callable[..., Talk], name: str = "山田太郎", contact: str = "taro@example.jp") -> Talk:
    """Go as far as the code is asked for."""
    begun = talk()
    begun.wants("provision_records", "記録を紙で見せて")
    begun.says(name)
    begun.says(contact)
    return begun


@pytest.fixture
def wrong(talk: Callable[..., Talk], register: Callable[..., Customer]) -> tuple[str, list[str]]:
    """What a wrong code is answered."""
    register()
    asked = _asked(talk)
    code = asked.code()
    heard = asked.says(f"{(int(code) + 1) % 10**8:08}")
    return heard, asked.buttons()


def test_an_expired_code_is_refused_in_the_words_of_a_wrong_one(
    talk: Callable[..., Talk], clock: FixedClock, wrong: tuple[str, list[str]]
) -> None:
    clock.advance(minutes=2)
    asked = _asked(talk)
    code = asked.code()
    clock.advance(minutes=10, seconds=1)
    assert (asked.says(code), asked.buttons()) == wrong


def test_so_is_the_code_of_an_unknown_person(talk: Callable[..., Talk], wrong: tuple[str, list[str]]) -> None:
    asked = _asked(talk, "鈴木三郎", "saburo@example.jp")
    assert (asked.says("00000000"), asked.buttons()) == wrong


def test_so_is_a_code_that_was_used_in_another_conversation(
    talk: Callable[..., Talk], clock: FixedClock, wrong: tuple[str, list[str]]
) -> None:
    clock.advance(minutes=2)
    first = _asked(talk)
    used = first.code()
    assert first.says(used) != wrong[0]
    clock.advance(minutes=2)
    second = _asked(talk)
    assert second.code() != used
    assert (second.says(used), second.buttons()) == wrong
