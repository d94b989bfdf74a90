"""Signing in: a password, then a code; whoever guesses learns nothing and is soon stopped."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import MadoguchiError
from bot.services.contacts import fold_contact
from bot.services.ports import Clock, Keys, Store, Transaction
from bot.services.staff.history import note_own
from bot.services.staff.passwords import Passwords
from bot.services.staff.records import StaffMember, Stage
from bot.services.staff.second_factor import fold_recovery_code, step_of
from bot.services.staff.sessions import Sessions, SignedIn
from bot.settings import Settings

PEOPLE_BEHIND_AN_ADDRESS = 5
"""An office shares one address: it may fail so many times as often as an account."""
_SHORTEST_RECOVERY_CODE = 10


class SignInRefused(MadoguchiError):
    """No such account, or another password: nobody is told which."""

    phrase = "staff_sign_in_refused"


class CodeRefused(MadoguchiError):
    """The code is wrong or was used before."""

    phrase = "staff_code_refused"


class TooManyTries(MadoguchiError):
    """The account or the address failed too often; known and unknown accounts alike."""

    phrase = "staff_too_many_tries"

    def __init__(self, minutes: int) -> None:
        super().__init__(f"too many failed sign-ins, locked for {minutes} minutes")
        self.values = {"minutes": minutes}


@dataclass(frozen=True)
class Visitor:
    """Who knocks: the network address, and the browser in words that staff know."""

    address: str
    device: str


@dataclass(frozen=True)
class Entered:
    """A session's token and how far it has come; `first` if the person has never been in before."""

    token: str
    stage: Stage
    first: bool = False


class SignIn:
    """Takes passwords and codes; every try is counted before it is looked at."""

    def __init__(
        self, store: Store, keys: Keys, clock: Clock, settings: Settings, passwords: Passwords, sessions: Sessions
    ) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._settings = settings
        self._passwords = passwords
        self._sessions = sessions
        self._window_s = settings.staff_lock_minutes * 60

    def with_password(self, email: str, password: str, visitor: Visitor) -> Entered:
        """Check a password and open a session; raise SignInRefused or TooManyTries."""
        tries = self._take_tries(f"account:{fold_contact(email)}", visitor)
        with self._store.transaction(read_only=True) as tx:
            staff = tx.staff.by_email(email)
        if not self._passwords.match(staff.password_hash if staff else "", password) or staff is None:
            self._note_failure(staff, tries)
            raise SignInRefused("no account with that password")
        with self._store.transaction() as tx:
            # To check a password takes a while, in which it may have been changed, and a second factor been set up.
            locked = tx.staff.lock(staff.id)
            if locked is None or locked.password_hash != staff.password_hash:
                raise SignInRefused("the password was changed meanwhile")
            self._give_back(tx, tries)
            if self._passwords.is_outdated(staff.password_hash):
                tx.staff.set_password(staff.id, self._passwords.hash(password))
            return self.enter(tx, locked, visitor)

    def check_password(self, staff: StaffMember, password: str, visitor: Visitor) -> None:
        """Ask who is signed in for the password again, before something weighty."""
        tries = self._take_tries(f"account:{fold_contact(staff.email)}", visitor)
        if not self._passwords.match(staff.password_hash, password):
            self._note_failure(staff, tries)
            raise SignInRefused("not the password")
        with self._store.transaction() as tx:
            self._give_back(tx, tries)

    def with_code(self, signed_in: SignedIn, code: str, visitor: Visitor) -> Entered:
        """Check the second factor, or a recovery code, and let the session go on under a new token."""
        staff = signed_in.staff
        tries = self._take_tries(f"code:{staff.id}", visitor)
        with self._store.transaction() as tx:
            if self._takes(tx, staff, code):
                self._give_back(tx, tries)
                return self.renew(tx, signed_in, visitor)
        self._note_failure(staff, tries)
        raise CodeRefused("the code is wrong")

    def enter(self, tx: Transaction, staff: StaffMember, visitor: Visitor) -> Entered:
        """Open a session for whoever has proved to be that person, by password or by link."""
        if staff.totp_secret:
            stage = Stage.CODE
        else:
            stage = Stage.SET_UP if self._settings.second_factor_required else Stage.FULL
        if stage is Stage.FULL:
            self._note_entry(tx, staff)
        token = self._sessions.begin(tx, staff.id, stage, visitor.device)
        return Entered(token, stage, staff.last_sign_in_at is None)

    def renew(self, tx: Transaction, signed_in: SignedIn, visitor: Visitor) -> Entered:
        """Put a full session under a new token in the place of this one; raise CodeRefused if that was ended."""
        if not tx.staff_sessions.end(signed_in.session.id):
            raise CodeRefused("the session was ended meanwhile")
        if signed_in.session.stage is not Stage.FULL:
            self._note_entry(tx, signed_in.staff)
        token = self._sessions.begin(tx, signed_in.staff.id, Stage.FULL, visitor.device)
        return Entered(token, Stage.FULL, signed_in.staff.last_sign_in_at is None)

    def sign_out(self, signed_in: SignedIn) -> None:
        """End the session."""
        with self._store.transaction() as tx:
            tx.staff_sessions.end(signed_in.session.id)
            note_own(tx, signed_in.staff, "staff.signed_out", self._clock.now())

    def _takes(self, tx: Transaction, staff: StaffMember, code: str) -> bool:
        folded = fold_recovery_code(code)
        if len(folded) >= _SHORTEST_RECOVERY_CODE:
            if not tx.staff.take_recovery_code(staff.id, self._keys.digest("staff recovery code", folded)):
                return False
            note_own(tx, staff, "staff.recovery_code_used", self._clock.now())
            return True
        step = step_of(staff.totp_secret, code, self._clock.now())
        return step is not None and tx.staff.take_step(staff.id, step)

    def _take_tries(self, account: str, visitor: Visitor) -> tuple[str, str]:
        limit, now = self._settings.staff_failures, self._clock.now()
        keys = (f"staff sign-in {account}", f"staff sign-in address:{visitor.address}")
        with self._store.transaction() as tx:
            by_account = tx.limits.take(keys[0], limit, self._window_s, now)
            by_address = tx.limits.take(keys[1], limit * PEOPLE_BEHIND_AN_ADDRESS, self._window_s, now)
        if not (by_account and by_address):
            raise TooManyTries(self._settings.staff_lock_minutes)
        return keys

    def _give_back(self, tx: Transaction, tries: tuple[str, str]) -> None:
        for key in tries:
            tx.limits.give_back(key, self._window_s)

    def _note_failure(self, staff: StaffMember | None, tries: tuple[str, str]) -> None:
        with self._store.transaction() as tx:
            failed = tx.limits.count(tries[0], self._window_s, self._clock.now())
            if staff and failed >= self._settings.staff_failures:
                note_own(tx, staff, "staff.locked", self._clock.now())

    def _note_entry(self, tx: Transaction, staff: StaffMember) -> None:
        tx.staff.note_sign_in(staff.id, self._clock.now())
        note_own(tx, staff, "staff.signed_in", self._clock.now())
