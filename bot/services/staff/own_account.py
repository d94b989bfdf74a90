"""What a member of staff does with their own account."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import MadoguchiError, NotFound
from bot.services.ports import Clock, Keys, Store
from bot.services.staff.history import note_own
from bot.services.staff.names import checked_name
from bot.services.staff.passwords import Passwords, check_password
from bot.services.staff.second_factor import (
    address_for_app,
    fold_recovery_code,
    new_recovery_codes,
    secret_from,
    step_of,
)
from bot.services.staff.sessions import SignedIn
from bot.services.staff.sign_in import CodeRefused, Entered, SignIn, Visitor
from bot.settings import Settings

ISSUER = "Madoguchi"


class FactorRequired(MadoguchiError):
    """STAFF_TOTP=required: nobody goes without a second factor."""

    phrase = "staff_factor_required"


@dataclass(frozen=True)
class SetUp:
    """A second factor that was set up just now; the recovery codes are shown this once."""

    entered: Entered
    recovery_codes: list[str]


class OwnAccount:
    """Password, second factor and sessions; what is weighty asks for the password again."""

    def __init__(
        self, store: Store, keys: Keys, clock: Clock, settings: Settings, passwords: Passwords, sign_in: SignIn
    ) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._settings = settings
        self._passwords = passwords
        self._sign_in = sign_in

    def change_password(self, signed_in: SignedIn, old: str, new: str, visitor: Visitor) -> None:
        """Set a new password and end all other sessions; raise SignInRefused, TooManyTries or WeakPassword."""
        staff = signed_in.staff
        self._sign_in.check_password(staff, old, visitor)
        check_password(new, staff.name, staff.email)
        with self._store.transaction() as tx:
            tx.staff.set_password(staff.id, self._passwords.hash(new))
            tx.staff_links.drop_all(staff.id)
            tx.staff_sessions.end_all(staff.id, but=signed_in.session.id)
            note_own(tx, staff, "staff.password_changed", self._clock.now())

    def rename(self, signed_in: SignedIn, name: str) -> None:
        """Change the name that customers and colleagues read; raise StaffRefused."""
        name = checked_name(name)
        with self._store.transaction() as tx:
            tx.staff.set_name(signed_in.staff.id, name)
            note_own(tx, signed_in.staff, "staff.renamed", self._clock.now())

    def pending_secret(self, signed_in: SignedIn) -> str:
        """The secret that is offered in this session: the same at every look, another in the next session."""
        return secret_from(self._keys.digest("staff second factor", signed_in.session.id))

    def pending_address(self, signed_in: SignedIn) -> str:
        """What the QR code says."""
        return address_for_app(self.pending_secret(signed_in), signed_in.staff.email, ISSUER)

    def set_up_factor(self, signed_in: SignedIn, code: str, password: str, visitor: Visitor) -> SetUp:
        """Take the offered secret once its code proves that the app has it; whoever replaces one gives the password."""
        staff, secret = signed_in.staff, self.pending_secret(signed_in)
        if staff.totp_secret:
            self._sign_in.check_password(staff, password, visitor)
        step = step_of(secret, code, self._clock.now())
        if step is None:
            raise CodeRefused("the code doesn't belong to the secret that is offered")
        codes = new_recovery_codes()
        with self._store.transaction() as tx:
            tx.staff.set_second_factor(staff.id, secret, step, self._digests(codes))
            tx.staff_sessions.end_all(staff.id, but=signed_in.session.id)
            note_own(tx, staff, "staff.second_factor_set", self._clock.now())
            return SetUp(self._sign_in.renew(tx, signed_in, visitor), codes)

    def drop_factor(self, signed_in: SignedIn, password: str, visitor: Visitor) -> None:
        """Go without a second factor, where that is allowed."""
        if self._settings.second_factor_required:
            raise FactorRequired("a second factor is required")
        self._sign_in.check_password(signed_in.staff, password, visitor)
        with self._store.transaction() as tx:
            tx.staff.set_second_factor(signed_in.staff.id, "", 0, ())
            note_own(tx, signed_in.staff, "staff.second_factor_dropped", self._clock.now())

    def renew_recovery_codes(self, signed_in: SignedIn, password: str, visitor: Visitor) -> list[str]:
        """Make new recovery codes; the old ones are good no more."""
        staff = signed_in.staff
        self._sign_in.check_password(staff, password, visitor)
        codes = new_recovery_codes()
        with self._store.transaction() as tx:
            tx.staff.set_second_factor(staff.id, staff.totp_secret, staff.totp_step, self._digests(codes))
            note_own(tx, staff, "staff.recovery_codes_renewed", self._clock.now())
        return codes

    def recovery_codes_left(self, signed_in: SignedIn) -> int:
        """How many recovery codes are unused."""
        with self._store.transaction(read_only=True) as tx:
            return tx.staff.recovery_codes_left(signed_in.staff.id)

    def end_session(self, signed_in: SignedIn, session_id: str) -> None:
        """End one of one's own sessions; raise NotFound for another person's."""
        with self._store.transaction() as tx:
            session = tx.staff_sessions.get(session_id)
            if session is None or session.staff != signed_in.staff.id:
                raise NotFound("no such session of this person")
            tx.staff_sessions.end(session_id)
            note_own(tx, signed_in.staff, "staff.session_ended", self._clock.now())

    def end_other_sessions(self, signed_in: SignedIn) -> None:
        """End all but this one."""
        with self._store.transaction() as tx:
            tx.staff_sessions.end_all(signed_in.staff.id, but=signed_in.session.id)
            note_own(tx, signed_in.staff, "staff.session_ended", self._clock.now())

    def _digests(self, codes: list[str]) -> list[str]:
        return [self._keys.digest("staff recovery code", fold_recovery_code(code)) for code in codes]
