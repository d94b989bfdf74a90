"""The signed token by which a browser comes back to its conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import jwt

from bot.errors import MadoguchiError
from bot.services.ports import Clock, Keys

_ALGORITHM = "HS256"
_CLAIMS = ["sub", "company", "aud", "exp"]


class TokenError(MadoguchiError):
    """The token is missing, forged, expired, or was given to another website."""


@dataclass(frozen=True)
class Ticket:
    """What a token says: which conversation, with which company, opened on which website."""

    conversation: str
    company: str
    origin: str


class Tokens:
    """Signs and reads the tokens; they are good for as long as an idle conversation is kept."""

    def __init__(self, keys: Keys, clock: Clock, days: int) -> None:
        self._key = keys.digest("web token", "key")
        self._clock = clock
        self._life = timedelta(days=days)

    def issue(self, ticket: Ticket) -> str:
        """Sign a token that is good from now on."""
        expires = self._clock.now() + self._life
        claims = {
            "sub": ticket.conversation,
            "company": ticket.company,
            "aud": ticket.origin,
            "exp": int(expires.timestamp()),
        }
        return jwt.encode(claims, self._key, _ALGORITHM)

    def read(self, token: str, origin: str | None) -> Ticket:
        """Give what the token says if it is ours, in time, and used where it was given.

        `origin` is None when the browser sent none: it leaves it out only on requests that stay on one origin, so no
        other website's page can be asking.
        """
        try:
            # The expiry is ours to check, by the clock that the whole desk goes by.
            claims = jwt.decode(
                token,
                self._key,
                [_ALGORITHM],
                audience=origin,
                options={"require": _CLAIMS, "verify_exp": False, "verify_aud": origin is not None},
            )
            ticket = Ticket(str(claims["sub"]), str(claims["company"]), str(claims["aud"]))
            expires = int(claims["exp"])
        except (jwt.InvalidTokenError, TypeError, ValueError) as error:
            raise TokenError("the token isn't one of ours for this website") from error
        if expires <= self._clock.now().timestamp():
            raise TokenError("the token has expired")
        return ticket
