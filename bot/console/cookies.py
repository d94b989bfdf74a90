"""What the console keeps in the browser: the session's token, or a visitor's before signing in, and a word said."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response

from bot.services.ports import Keys

SESSION = "madoguchi_staff"
VISIT = "madoguchi_visit"
TOLD = "madoguchi_told"
_PATH = "/staff"
_TOLD_S = 60


class Cookies:
    """Sets and reads them; all are HttpOnly, SameSite=Lax (Strict would sign out who follows a link in an e-mail)."""

    def __init__(self, keys: Keys, tls: bool) -> None:
        self._keys = keys
        self._tls = tls

    def session(self, request: Request) -> str:
        """The session's token; empty without one."""
        return request.cookies.get(SESSION, "")

    def form_token(self, request: Request) -> str:
        """What forms of this browser's pages must carry; one for every session, and one for who isn't signed in."""
        return self._keys.digest("staff form", self._seed(request))

    def begin_visit(self, request: Request, response: Response) -> None:
        """Know a browser without a session again, so that its form to sign in has a token."""
        if not self.session(request) and VISIT not in request.cookies:
            self._set(response, VISIT, request.state.visit)

    def sign_in(self, response: Response, token: str) -> None:
        """Give the browser a session; it ends with the browser or in the database."""
        self._set(response, SESSION, token)
        self._drop(response, VISIT)

    def sign_out(self, response: Response) -> None:
        """Take the session from the browser."""
        self._drop(response, SESSION)

    def tell(self, response: Response, told: str) -> None:
        """Remember for the next page what was done."""
        self._set(response, TOLD, told, _TOLD_S)

    def told(self, request: Request) -> str:
        """What the page before has done."""
        return request.cookies.get(TOLD, "")

    def forget_told(self, response: Response) -> None:
        """Say it no more."""
        self._drop(response, TOLD)

    def _seed(self, request: Request) -> str:
        """The session's token or the visit's; a new visit's if there is neither."""
        if not hasattr(request.state, "visit"):
            request.state.visit = request.cookies.get(VISIT) or secrets.token_urlsafe(16)
        return self.session(request) or str(request.state.visit)

    def _set(self, response: Response, name: str, value: str, max_age: int | None = None) -> None:
        response.set_cookie(name, value, max_age=max_age, path=_PATH, secure=self._tls, httponly=True, samesite="lax")

    def _drop(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path=_PATH, secure=self._tls, httponly=True, samesite="lax")
