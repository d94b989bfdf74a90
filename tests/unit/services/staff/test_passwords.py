from __future__ import annotations

import pytest

from bot.services.staff.passwords import Passwords, WeakPassword, check_password
from tests.unit.services.staff.conftest import CountingHasher


@pytest.mark.parametrize(
    ("password", "phrase"),
    [
        ("short pass", "staff_password_short"),
        ("x y z w v " * 30, "staff_password_long"),
        ("password1234", "staff_password_common"),
        ("Password!2026", "staff_password_common"),
        ("ｐａｓｓｗｏｒｄ１２３４", "staff_password_common"),
        ("12345678901234", "staff_password_common"),
        ("2026-11-22 10:04", "staff_password_common"),
        ("qwertyuiop[]", "staff_password_common"),
        ("abababababab", "staff_password_common"),
        ("hanako loves me", "staff_password_known"),
        ("山田 is a good name", "staff_password_known"),
    ],
)
def test_what_is_soon_guessed_is_refused(password: str, phrase: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password(password, "山田 花子", "hanako@example.jp")
    assert refused.value.phrase == phrase


@pytest.mark.parametrize("password", ["correct horse battery", "青い空と白い雲と海の家と犬", "Tr0ub4dor&3 x2"])
def test_others_are_taken(password: str) -> None:
    check_password(password, "山田 花子", "hanako@example.jp")


def test_full_width_signs_mean_the_same_password() -> None:
    passwords = Passwords(CountingHasher())
    assert passwords.match(passwords.hash("correct horse 123"), "ｃｏｒｒｅｃｔ　ｈｏｒｓｅ　１２３")


def test_nobodys_password_costs_what_somebodys_does() -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher)
    assert not passwords.match("", "correct horse battery")
    assert hasher.verified == 1


def test_a_broken_hash_matches_nothing() -> None:
    assert not Passwords(CountingHasher()).match("not a hash", "not a hash")


def test_the_real_hashes_are_argon2id_of_owasps_measure() -> None:
    assert Passwords().hash("correct horse battery").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
