"""届かなかった連絡: what couldn't be delivered, to be tried again or given up."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Page
from bot.services.actors import staff_actor
from bot.services.dead_letters import DeadLetter, DeadLetters
from bot.services.staff.roles import ADMINS

LIST = "/admin/dead-letters"
_POST = ("POST",)


class DeadLetterPages:
    """The list and three buttons a letter."""

    def __init__(self, letters: DeadLetters, frame: Frame) -> None:
        self._letters = letters
        self._frame = frame

    def pages(self) -> list[Page]:
        """For administrators alone: an address is personal."""
        one = f"{LIST}/{{letter}}"
        return [
            Page(LIST, self.list, ADMINS, nav="dead_letters"),
            Page(f"{one}/reveal", self.reveal, ADMINS, _POST),
            Page(f"{one}/retry", self.retry, ADMINS, _POST),
            Page(f"{one}/delete", self.discard, ADMINS, _POST),
        ]

    async def list(self, request: Request) -> Response:
        """Show the newest."""
        letters = await run_in_threadpool(self._letters.list, request.state.membership.company)
        return self._frame.show(request, "dead_letters.html", letters=letters, revealed=None)

    async def reveal(self, request: Request) -> Response:
        """Show the list once with one recipient readable; nothing that could be gone back to holds the address."""
        revealed: DeadLetter = await run_in_threadpool(self._letters.reveal, *_asked(request))
        letters = await run_in_threadpool(self._letters.list, request.state.membership.company)
        return self._frame.show(request, "dead_letters.html", letters=letters, revealed=revealed)

    async def retry(self, request: Request) -> Response:
        """Try again at once."""
        return await self._do(request, self._letters.retry, "letter_retried")

    async def discard(self, request: Request) -> Response:
        """Give up."""
        return await self._do(request, self._letters.discard, "deleted")

    async def _do(self, request: Request, step: Callable[[str, str, str], None], told: str) -> Response:
        await run_in_threadpool(step, *_asked(request))
        return self._frame.back(self._frame.path(request, LIST), told=told)


def _asked(request: Request) -> tuple[str, str, str]:
    """The company, the letter, and who asks."""
    actor = staff_actor(request.state.staff.id)
    return request.state.membership.company, request.path_params["letter"], actor
