from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest

from bot.services.staff.passwords import Passwords
from bot.services.staff.records import Stage
from bot.services.staff.sign_in import CodeRefused, SignInRefused, TooManyTries, Visitor
from tests.staff import PASSWORD
from tests.unit.services.staff.conftest import EMAIL, VISITOR, CountingHasher, House, enter, signed_in


def set_up(house: House) -> tuple[str, list[str]]:
    """Give Hanako a second factor; returns its secret and the recovery codes."""
    here = signed_in(house, enter(house).token)
    secret = house.staff.own_account.pending_secret(here)
    made = house.staff.own_account.set_up_factor(here, code(house, secret), "", VISITOR)
    house.clock.advance(minutes=1)
    return secret, made.recovery_codes


def code(house: House, secret: str) -> str:
    return pyotp.TOTP(secret).at(house.clock.now())


def refused(house: House, email: str = EMAIL, password: str = "another password", visitor: Visitor = VISITOR) -> str:
    with pytest.raises((SignInRefused, TooManyTries)) as raised:
        enter(house, email, password, visitor)
    return raised.value.phrase


class TestPassword:
    def test_the_right_one_opens_a_session(self, house: House) -> None:
        entered = enter(house, email="HANAKO@Example.jp")
        assert entered.stage is Stage.FULL
        assert entered.first
        assert signed_in(house, entered.token).staff.email == EMAIL
        assert house.actions() == ["staff.added", "staff.signed_in"]

    def test_every_sign_in_has_a_token_of_its_own(self, house: House) -> None:
        assert enter(house).token != enter(house).token

    def test_known_and_unknown_are_refused_in_the_same_way_with_the_same_work(self, house: House) -> None:
        work = []
        for email in (EMAIL, "nobody@example.jp", "not an address"):
            before = house.hasher.verified
            assert refused(house, email) == "staff_sign_in_refused"
            work.append(house.hasher.verified - before)
        assert work == [1, 1, 1]

    def test_who_has_not_accepted_the_invitation_has_no_password(self, house: House) -> None:
        with house.store.transaction() as tx:
            tx.staff.set_password(house.member().id, "")
        assert refused(house, password="") == "staff_sign_in_refused"

    def test_the_database_has_neither_password_nor_token(self, house: House) -> None:
        entered = enter(house)
        with house.store.transaction(read_only=True) as tx:
            kept = repr([tx.staff_sessions.of(house.member().id), house.member().password_hash])
        assert entered.token not in kept
        assert PASSWORD not in kept

    def test_one_that_is_changed_while_it_is_checked_opens_nothing(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        matches = Passwords.match

        def slowly(passwords: Passwords, kept: str, given: str) -> bool:
            with house.store.transaction() as tx:
                tx.staff.set_password(house.member().id, passwords.hash("a new password by its owner"))
            return matches(passwords, kept, given)

        monkeypatch.setattr(Passwords, "match", slowly)
        assert refused(house, password=PASSWORD) == "staff_sign_in_refused"
        with house.store.transaction(read_only=True) as tx:
            assert tx.staff_sessions.of(house.member().id) == []

    def test_an_outdated_hash_is_renewed(self, house: House) -> None:
        with house.store.transaction() as tx:
            tx.staff.set_password(house.member().id, Passwords(CountingHasher(time_cost=2)).hash(PASSWORD))
        old = house.member().password_hash
        enter(house)
        assert house.member().password_hash != old
        renewed = house.member().password_hash
        enter(house)
        assert house.member().password_hash == renewed


class TestLock:
    @pytest.mark.parametrize("email", [EMAIL, "nobody@example.jp"])
    def test_ten_failures_lock_an_account_that_is_there_or_not(self, house: House, email: str) -> None:
        said = [refused(house, email) for _ in range(11)]
        assert said == ["staff_sign_in_refused"] * 10 + ["staff_too_many_tries"]

    def test_the_right_password_does_not_open_a_locked_account(self, house: House) -> None:
        for _ in range(10):
            refused(house)
        before = house.hasher.verified
        assert refused(house, password=PASSWORD) == "staff_too_many_tries"
        assert house.hasher.verified == before
        assert "staff.locked" in house.actions()

    def test_the_lock_ends(self, house: House) -> None:
        for _ in range(10):
            refused(house)
        house.clock.advance(minutes=15)
        assert enter(house).token

    def test_an_account_is_locked_from_everywhere(self, house: House) -> None:
        for number in range(10):
            refused(house, visitor=Visitor(f"192.0.2.{number}", ""))
        assert refused(house, visitor=Visitor("198.51.100.7", "")) == "staff_too_many_tries"

    def test_an_address_that_tries_many_accounts_is_stopped(self, house: House) -> None:
        said = [refused(house, f"person{number}@example.jp") for number in range(51)]
        assert said.index("staff_too_many_tries") == 50

    def test_who_signs_in_often_is_not_locked(self, house: House) -> None:
        for _ in range(60):
            enter(house)

    def test_guesses_at_once_are_no_more_than_guesses_in_turn(self, house: House) -> None:
        before = house.hasher.verified
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: refused(house), range(40)))
        assert house.hasher.verified - before == 10


class TestCode:
    def test_a_password_alone_is_not_enough(self, house: House) -> None:
        secret, _ = set_up(house)
        entered = enter(house)
        assert entered.stage is Stage.CODE
        full = house.staff.sign_in.with_code(signed_in(house, entered.token), code(house, secret), VISITOR)
        assert full.stage is Stage.FULL
        assert full.token != entered.token
        assert house.staff.sessions.find(entered.token) is None

    def test_a_session_that_was_ended_meanwhile_stays_ended(self, house: House) -> None:
        secret, _ = set_up(house)
        here = signed_in(house, enter(house).token)
        with house.store.transaction() as tx:
            tx.staff_sessions.end_all(house.member().id)
        with pytest.raises(CodeRefused):
            house.staff.sign_in.with_code(here, code(house, secret), VISITOR)

    def test_a_code_is_good_once(self, house: House) -> None:
        secret, _ = set_up(house)
        here = signed_in(house, enter(house).token)
        again = signed_in(house, enter(house).token)
        same = code(house, secret)
        house.staff.sign_in.with_code(here, same, VISITOR)
        with pytest.raises(CodeRefused):
            house.staff.sign_in.with_code(again, same, VISITOR)

    def test_the_code_of_the_setting_up_is_used(self, house: House) -> None:
        here = signed_in(house, enter(house).token)
        secret = house.staff.own_account.pending_secret(here)
        house.staff.own_account.set_up_factor(here, code(house, secret), "", VISITOR)
        with pytest.raises(CodeRefused):
            house.staff.sign_in.with_code(signed_in(house, enter(house).token), code(house, secret), VISITOR)

    @pytest.mark.parametrize(("seconds", "good"), [(-30, True), (30, True), (-90, False), (90, False)])
    def test_clocks_may_differ_by_half_a_minute(self, house: House, seconds: int, good: bool) -> None:
        secret, _ = set_up(house)
        here = signed_in(house, enter(house).token)
        theirs = pyotp.TOTP(secret).at(int(house.clock.now().timestamp()) + seconds)
        if good:
            assert house.staff.sign_in.with_code(here, theirs, VISITOR)
        else:
            with pytest.raises(CodeRefused):
                house.staff.sign_in.with_code(here, theirs, VISITOR)

    def test_full_width_digits_and_blanks_are_digits(self, house: House) -> None:
        secret, _ = set_up(house)
        here = signed_in(house, enter(house).token)
        typed = code(house, secret).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        assert house.staff.sign_in.with_code(here, f" {typed[:3]} {typed[3:]}", VISITOR)

    def test_guesses_are_stopped(self, house: House) -> None:
        secret, _ = set_up(house)
        here = signed_in(house, enter(house).token)
        for _ in range(10):
            with pytest.raises(CodeRefused):
                house.staff.sign_in.with_code(here, "000000", VISITOR)
        with pytest.raises(TooManyTries):
            house.staff.sign_in.with_code(here, code(house, secret), VISITOR)

    def test_a_recovery_code_is_good_once_however_it_is_written(self, house: House) -> None:
        _, codes = set_up(house)
        here = signed_in(house, enter(house).token)
        again = signed_in(house, enter(house).token)
        assert house.staff.sign_in.with_code(here, codes[0].upper().replace("-", " "), VISITOR)
        with pytest.raises(CodeRefused):
            house.staff.sign_in.with_code(again, codes[0], VISITOR)
        assert "staff.recovery_code_used" in house.actions()

    def test_where_it_is_required_nobody_comes_in_without(self, house: House) -> None:
        strict = house.with_settings(staff_totp="required")
        assert enter(strict).stage is Stage.SET_UP


class TestSessions:
    def test_an_idle_session_ends(self, house: House) -> None:
        token = enter(house).token
        house.clock.advance(minutes=29)
        assert house.staff.sessions.find(token)
        house.clock.advance(minutes=29)
        assert house.staff.sessions.find(token)
        house.clock.advance(minutes=30)
        assert house.staff.sessions.find(token) is None

    def test_what_a_page_fetches_by_itself_is_no_use(self, house: House) -> None:
        token = enter(house).token
        house.clock.advance(minutes=29)
        assert house.staff.sessions.find(token, quiet=True)
        house.clock.advance(minutes=1)
        assert house.staff.sessions.find(token, quiet=True) is None

    def test_no_session_is_longer_than_a_day_of_work(self, house: House) -> None:
        token = enter(house).token
        for _ in range(35):
            house.clock.advance(minutes=20)
            assert house.staff.sessions.find(token)
        house.clock.advance(minutes=20)
        assert house.staff.sessions.find(token) is None

    def test_a_stream_learns_that_its_session_is_over(self, house: House) -> None:
        here = signed_in(house, enter(house).token)
        assert house.staff.sessions.is_open(here.session.id)
        house.staff.sign_in.sign_out(here)
        assert not house.staff.sessions.is_open(here.session.id)

    def test_a_made_up_token_is_nobodys(self, house: House) -> None:
        assert house.staff.sessions.find("made up") is None
