"""定型文: the texts that staff send again and again."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Page
from bot.services.canned_answers import LONGEST_TEXT, LONGEST_TITLE, CannedAnswers
from bot.services.company_settings import SettingRefused
from bot.services.staff.roles import MANAGERS

LIST = "/admin/answers"
_POST = ("POST",)


class AnswerPages:
    """The list with the form for a new one, and a page to change one."""

    def __init__(self, answers: CannedAnswers, frame: Frame) -> None:
        self._answers = answers
        self._frame = frame

    def pages(self) -> list[Page]:
        """For managers; whoever answers customers picks from the list in the conversation."""
        one = f"{LIST}/{{answer}}"
        return [
            Page(LIST, self.list, MANAGERS, nav="answers", whole=True),
            Page(LIST, self.add, MANAGERS, _POST, whole=True),
            Page(one, self.show, MANAGERS, whole=True),
            Page(one, self.change, MANAGERS, _POST, whole=True),
            Page(f"{one}/up", self.move_up, MANAGERS, _POST, whole=True),
            Page(f"{one}/delete", self.delete, MANAGERS, _POST, whole=True),
        ]

    async def list(self, request: Request) -> Response:
        """Show all, and the form for a new one."""
        return await self._list(request)

    async def add(self, request: Request) -> Response:
        """Add one to the end."""
        title, text = await _typed(request)
        try:
            await run_in_threadpool(self._answers.add, _company(request), title, text, request.state.staff.id)
        except SettingRefused as error:
            return await self._list(request, self._frame.words(error), title, text)
        return self._back(request)

    async def show(self, request: Request) -> Response:
        """Show one with its form."""
        found = await run_in_threadpool(self._answers.get, _company(request), request.path_params["answer"])
        return self._one(request, found.title, found.text)

    async def change(self, request: Request) -> Response:
        """Give it another title and text."""
        title, text = await _typed(request)
        which = (_company(request), request.path_params["answer"])
        try:
            await run_in_threadpool(self._answers.change, *which, title, text, request.state.staff.id)
        except SettingRefused as error:
            return self._one(request, title, text, self._frame.words(error))
        return self._back(request)

    async def move_up(self, request: Request) -> Response:
        """Move it one place up."""
        which = (_company(request), request.path_params["answer"])
        await run_in_threadpool(self._answers.move_up, *which, request.state.staff.id)
        return self._frame.back(self._frame.path(request, LIST))

    async def delete(self, request: Request) -> Response:
        """Take it off the list."""
        which = (_company(request), request.path_params["answer"])
        await run_in_threadpool(self._answers.delete, *which, request.state.staff.id)
        return self._frame.back(self._frame.path(request, LIST), told="deleted")

    async def _list(self, request: Request, problem: str = "", title: str = "", text: str = "") -> Response:
        answers = await run_in_threadpool(self._answers.list, _company(request))
        typed = {"problem": problem, "title": title, "text": text}
        return self._frame.show(
            request, "answers.html", 409 if problem else 200, answers=answers, typed=typed, limits=_limits()
        )

    def _one(self, request: Request, title: str, text: str, problem: str = "") -> Response:
        typed = {"problem": problem, "title": title, "text": text}
        return self._frame.show(request, "answer.html", 409 if problem else 200, typed=typed, limits=_limits())

    def _back(self, request: Request) -> Response:
        return self._frame.back(self._frame.path(request, LIST), told="saved")


def _company(request: Request) -> str:
    return str(request.state.membership.company)


async def _typed(request: Request) -> tuple[str, str]:
    form = await request.form()
    return str(form.get("title", "")), str(form.get("text", ""))


def _limits() -> dict[str, int]:
    return {"title": LONGEST_TITLE, "text": LONGEST_TEXT}
