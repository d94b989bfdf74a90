from __future__ import annotations

import pyotp
import pytest

from bot.errors import NotFound
from bot.services.staff.names import StaffRefused
from bot.services.staff.own_account import FactorRequired, SetUp
from bot.services.staff.passwords import WeakPassword
from bot.services.staff.register import Place
from bot.services.staff.roles import Role
from bot.services.staff.sessions import SignedIn
from bot.services.staff.sign_in import CodeRefused, SignInRefused
from tests.staff import PASSWORD
from tests.unit.services.staff.conftest import EMAIL, VISITOR, House, enter, signed_in

NEW = "another horse battery"


@pytest.fixture
def here(house: House) -> SignedIn:
    return signed_in(house, enter(house).token)


def set_up(house: House, here: SignedIn, password: str = "") -> SetUp:
    code = pyotp.TOTP(house.staff.own_account.pending_secret(here)).at(house.clock.now())
    return house.staff.own_account.set_up_factor(here, code, password, VISITOR)


def test_a_new_password_ends_all_other_sessions(house: House, here: SignedIn) -> None:
    other = enter(house).token
    house.staff.own_account.change_password(here, PASSWORD, NEW, VISITOR)
    assert house.staff.sessions.find(other) is None
    assert house.staff.sessions.is_open(here.session.id)
    assert enter(house, password=NEW)
    assert "staff.password_changed" in house.actions()


def test_the_old_password_is_asked_for(house: House, here: SignedIn) -> None:
    with pytest.raises(SignInRefused):
        house.staff.own_account.change_password(here, "a guess", NEW, VISITOR)
    with pytest.raises(WeakPassword):
        house.staff.own_account.change_password(here, PASSWORD, "password1234", VISITOR)
    assert enter(house)


def test_the_offered_secret_is_the_sessions_own(house: House, here: SignedIn) -> None:
    account = house.staff.own_account
    assert account.pending_secret(here) == account.pending_secret(here)
    assert account.pending_secret(here) != account.pending_secret(signed_in(house, enter(house).token))
    assert f"secret={account.pending_secret(here)}" in account.pending_address(here)


def test_setting_up_renews_the_session_and_ends_the_others(house: House, here: SignedIn) -> None:
    other = enter(house).token
    made = set_up(house, here)
    assert not house.staff.sessions.is_open(here.session.id)
    assert house.staff.sessions.find(other) is None
    assert signed_in(house, made.entered.token).staff.totp_secret
    assert len(set(made.recovery_codes)) == 10


def test_a_wrong_code_sets_nothing_up(house: House, here: SignedIn) -> None:
    with pytest.raises(CodeRefused):
        house.staff.own_account.set_up_factor(here, "000000", "", VISITOR)
    assert not house.member().totp_secret


def test_who_replaces_the_second_factor_gives_the_password(house: House, here: SignedIn) -> None:
    now = signed_in(house, set_up(house, here).entered.token)
    with pytest.raises(SignInRefused):
        set_up(house, now, password="a guess")
    assert set_up(house, now, password=PASSWORD)


def test_the_database_has_no_recovery_code(house: House, here: SignedIn) -> None:
    made = set_up(house, here)
    with house.store.session(read_only=True) as session:
        kept = repr(session.connection.exec_driver_sql("SELECT * FROM staff_recovery_codes").all())
    assert not any(code.replace("-", "") in kept or code in kept for code in made.recovery_codes)


def test_new_recovery_codes_end_the_old_ones(house: House, here: SignedIn) -> None:
    made = set_up(house, here)
    now = signed_in(house, made.entered.token)
    codes = house.staff.own_account.renew_recovery_codes(now, PASSWORD, VISITOR)
    assert house.staff.own_account.recovery_codes_left(now) == 10
    waiting = signed_in(house, enter(house).token)
    with pytest.raises(CodeRefused):
        house.staff.sign_in.with_code(waiting, made.recovery_codes[0], VISITOR)
    assert house.staff.sign_in.with_code(waiting, codes[0], VISITOR)


def test_the_second_factor_is_dropped_only_where_that_is_allowed(house: House, here: SignedIn) -> None:
    now = signed_in(house, set_up(house, here).entered.token)
    with pytest.raises(FactorRequired):
        house.with_settings(environment="production").staff.own_account.drop_factor(now, PASSWORD, VISITOR)
    house.staff.own_account.drop_factor(now, PASSWORD, VISITOR)
    assert not house.member().totp_secret
    assert house.staff.own_account.recovery_codes_left(now) == 0


def test_nobody_ends_anothers_session(house: House, here: SignedIn) -> None:
    house.staff.register.add("taro@example.jp", "太郎", Place("okura", Role.CLERK), PASSWORD)
    theirs = signed_in(house, enter(house, "taro@example.jp").token)
    with pytest.raises(NotFound):
        house.staff.own_account.end_session(here, theirs.session.id)
    assert house.staff.sessions.is_open(theirs.session.id)


def test_sessions_end_one_by_one_or_all(house: House, here: SignedIn) -> None:
    others = [signed_in(house, enter(house).token).session.id for _ in range(3)]
    house.staff.own_account.end_session(here, others[0])
    assert [house.staff.sessions.is_open(session) for session in others] == [False, True, True]
    house.staff.own_account.end_other_sessions(here)
    assert [session.id for session in house.staff.sessions.of(here.staff.id)] == [here.session.id]


def test_a_name_is_one_line_of_seen_characters(house: House, here: SignedIn) -> None:
    house.staff.own_account.rename(here, " 山田\n  花子 ")
    assert house.member(EMAIL).name == "山田 花子"
    for name in ("", " ", "あ" * 41, "山\u202e田", "山\x00田"):
        with pytest.raises(StaffRefused):
            house.staff.own_account.rename(here, name)
