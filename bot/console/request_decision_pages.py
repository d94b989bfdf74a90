"""Deciding a request: the form, what the customer will get, four eyes, and a longer time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Page
from bot.errors import MadoguchiError
from bot.privacy.refusal_grounds import UnknownGround, grounds_for
from bot.privacy.statuses import IdentityStatus, Status
from bot.services.decisions import Decision, DecisionRefused, Decisions
from bot.services.phrases import Phrasebook
from bot.services.records import DataSubjectRequest
from bot.services.request_files import RequestFile, RequestFiles
from bot.services.staff.roles import WORKERS

OUTCOMES = {"fulfilled": Status.FULFILLED, "part": Status.FULFILLED, "denied": Status.DENIED}


class RequestDecisionPages:
    """The pages of decisions."""

    def __init__(self, files: RequestFiles, decisions: Decisions, phrases: Phrasebook, frame: Frame) -> None:
        self._files = files
        self._decisions = decisions
        self._phrases = phrases
        self._frame = frame

    def pages(self) -> list[Page]:
        """Who may work on a request may decide it; four eyes are the service's to see to."""
        one = "/requests/{receipt}"
        return [
            Page(f"{one}/decide/{{outcome}}", self.form, WORKERS),
            Page(f"{one}/decide/{{outcome}}", self.decide, WORKERS, ("POST",)),
            Page(f"{one}/approve", self.approve, WORKERS, ("POST",)),
            Page(f"{one}/send-back", self.send_back, WORKERS, ("POST",)),
            Page(f"{one}/extend", self.extend, WORKERS, ("GET", "POST")),
        ]

    async def form(self, request: Request) -> Response:
        """Ask for the words, and for the ground of a refusal; begin with what was drafted before, or a template."""
        outcome, file = _outcome(request), await self._file(request)
        drafted = file.request.decision
        if drafted.get("words") and _outcome_of(drafted) == outcome:
            return self._form(request, file, drafted)
        ground = "identity_not_confirmed" if file.request.identity is IdentityStatus.REFUSED else ""
        return self._form(request, file, {"words": self._template(outcome, file), "ground": ground})

    async def decide(self, request: Request) -> Response:
        """Show what the customer will get; decide, or propose, once that was seen and confirmed."""
        outcome, form, file = _outcome(request), await request.form(), await self._file(request)
        typed = {name: str(form.get(name, "")).replace("\r\n", "\n") for name in ("words", "ground", "despite")}
        decision = Decision(OUTCOMES[outcome], part=outcome == "part", **typed)
        if form.get("change") == "yes":
            return self._form(request, file, typed)
        try:
            if form.get("sure") != "yes":
                letter = await run_in_threadpool(self._decisions.preview, file.request.id, decision)
                return self._frame.show(
                    request, "request_preview.html", file=file, outcome=outcome, letter=letter, typed=typed
                )
            decided = await self._change(request, file.request, self._decisions.decide, decision)
        except (DecisionRefused, UnknownGround) as error:
            return self._form(request, file, typed, error)
        return self._back(request, "decided" if decided.decided_at else "proposed")

    async def approve(self, request: Request) -> Response:
        """Approve a colleague's proposal."""
        await self._change(request, (await self._file(request)).request, self._decisions.approve)
        return self._back(request, "decided")

    async def send_back(self, request: Request) -> Response:
        """Send a proposal back with a reason."""
        reason = str((await request.form()).get("reason", ""))
        await self._change(request, (await self._file(request)).request, self._decisions.send_back, reason)
        return self._back(request, "sent_back")

    async def extend(self, request: Request) -> Response:
        """Ask for a later due date and the reason, and tell the customer."""
        file = await self._file(request)
        if request.method != "POST":
            return self._extension(request, file, {})
        typed = {name: str((await request.form()).get(name, "")) for name in ("due", "reason")}
        try:
            await self._change(request, file.request, self._decisions.extend, _day(typed["due"]), typed["reason"])
        except DecisionRefused as error:
            return self._extension(request, file, typed, error)
        return self._back(request, "extended")

    async def _file(self, request: Request) -> RequestFile:
        membership = request.state.membership
        place = membership.company, request.path_params["receipt"], membership.store
        return await run_in_threadpool(self._files.file, *place)

    async def _change(
        self, request: Request, found: DataSubjectRequest, change: Callable[..., DataSubjectRequest], *what: Any
    ) -> DataSubjectRequest:
        """Change the request as it was shown."""
        shown = str((await request.form()).get("version", ""))
        version = int(shown) if shown.isascii() and shown.isdigit() else 0
        return await run_in_threadpool(change, found.id, *what, request.state.staff.id, version)

    def _form(
        self, request: Request, file: RequestFile, typed: Mapping[str, str], error: MadoguchiError | None = None
    ) -> Response:
        grounds = [
            (ground.id, self._decisions.ground_words(file.request, ground.id)) for ground in grounds_for(file.kind.id)
        ]
        return self._frame.show(
            request,
            "request_decide.html",
            409 if error else 200,
            file=file,
            outcome=_outcome(request),
            typed=typed,
            grounds=grounds,
            problem=self._frame.words(error) if error else "",
            waiting=[self._files.task_words(task) for task in file.tasks if task.holds_up],
        )

    def _extension(
        self, request: Request, file: RequestFile, typed: Mapping[str, str], error: MadoguchiError | None = None
    ) -> Response:
        problem = self._frame.words(error) if error else ""
        status = 409 if error else 200
        return self._frame.show(request, "request_extend.html", status, file=file, typed=typed, problem=problem)

    def _template(self, outcome: str, file: RequestFile) -> str:
        """What staff may start from, with what was asked for filled in."""
        if outcome != "fulfilled":
            return self._phrases.text(f"words_{outcome}")
        asked = {name: self._files.asked(file.request, name) for name in ("item", "new_value", "recipient")}
        return self._phrases.text(f"words_fulfilled_{file.kind.id}", **asked)

    def _back(self, request: Request, told: str) -> Response:
        return self._frame.back(self._frame.path(request, f"/requests/{request.path_params['receipt']}"), told)


def _outcome(request: Request) -> str:
    outcome = str(request.path_params["outcome"])
    if outcome not in OUTCOMES:
        raise HTTPException(404)
    return outcome


def _outcome_of(drafted: Mapping[str, str]) -> str:
    return "part" if drafted.get("part") else drafted.get("outcome", "")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DecisionRefused("the due date is no date", "refused_date") from None
