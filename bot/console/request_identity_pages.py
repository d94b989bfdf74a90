"""Who asks: the person in the register beside what was said, verified by hand."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Page
from bot.errors import MadoguchiError
from bot.privacy.identity_documents import IDENTITY_DOCUMENTS, DocumentRefused, Seen, UnknownDocument
from bot.services.decisions import DecisionRefused
from bot.services.phrases import Phrasebook
from bot.services.request_files import RequestFiles
from bot.services.request_work import IdentityDoubt, Proof, RequestWork
from bot.services.staff.roles import WORKERS


class RequestIdentityPages:
    """The pages of verification by hand."""

    def __init__(self, files: RequestFiles, work: RequestWork, phrases: Phrasebook, frame: Frame) -> None:
        self._files = files
        self._work = work
        self._phrases = phrases
        self._frame = frame

    def pages(self) -> list[Page]:
        """The search is posted: a name in an address would stay in histories and logs."""
        identity = "/requests/{receipt}/identity"
        return [
            Page(identity, self.show, WORKERS, ("GET", "POST")),
            Page(f"{identity}/confirm", self.confirm, WORKERS, ("POST",)),
            Page(f"{identity}/refuse", self.refuse, WORKERS, ("POST",)),
        ]

    async def show(self, request: Request) -> Response:
        """Show who of the register may be meant, by what was said or by a search."""
        search = str((await request.form()).get("search", "")) if request.method == "POST" else ""
        return await self._page(request, search)

    async def confirm(self, request: Request) -> Response:
        """Note the person and which documents were seen."""
        form, membership = await request.form(), request.state.membership
        receipt = request.path_params["receipt"]
        found = await run_in_threadpool(self._files.find, membership.company, receipt, membership.store)
        try:
            proof = Proof(str(form.get("customer", "")), _texts(form.getlist("document")), _seen(form.get("seen")))
            version = _number(form.get("version"))
            await run_in_threadpool(
                self._work.confirm_identity, found.id, proof, request.state.staff.id, membership.store, version
            )
        except (DecisionRefused, DocumentRefused, UnknownDocument) as error:
            return await self._page(request, str(form.get("search", "")), error)
        return self._frame.back(self._frame.path(request, f"/requests/{receipt}"), "identity_confirmed")

    async def refuse(self, request: Request) -> Response:
        """Note why the person could not be verified."""
        form, membership = await request.form(), request.state.membership
        receipt = request.path_params["receipt"]
        found = await run_in_threadpool(self._files.find, membership.company, receipt, membership.store)
        doubts = {one.value: one for one in IdentityDoubt}
        doubt = doubts.get(str(form.get("doubt", "")))
        if doubt is None:
            raise DecisionRefused("a reason of the list is needed", "refused_no_reason")
        await run_in_threadpool(self._work.refuse_identity, found.id, doubt, request.state.staff.id)
        return self._frame.back(self._frame.path(request, f"/requests/{receipt}"), "identity_refused")

    async def _page(self, request: Request, search: str, error: MadoguchiError | None = None) -> Response:
        membership = request.state.membership
        place = membership.company, request.path_params["receipt"], membership.store
        file = await run_in_threadpool(self._files.file, *place)
        people = await run_in_threadpool(self._files.candidates, file.request, search, membership.store)
        form = await request.form() if error else FormData()
        return self._frame.show(
            request,
            "request_identity.html",
            409 if error else 200,
            file=file,
            people=people,
            search=search,
            problem=self._frame.words(error) if error else "",
            chosen=str(form.get("customer", "")),
            ticked=_texts(form.getlist("document")),
            seen=str(form.get("seen", "")),
            documents=IDENTITY_DOCUMENTS,
            ways=list(Seen),
            doubts=[(one.value, self._phrases.text(f"doubt_{one.value}")) for one in IdentityDoubt],
        )


def _texts(values: Sequence[object]) -> list[str]:
    return [str(value) for value in values]


def _seen(value: object) -> Seen:
    ways = {one.value: one for one in Seen}
    if str(value) not in ways:
        raise DecisionRefused("say how the document was seen", "refused_no_document")
    return ways[str(value)]


def _number(value: object) -> int:
    """The version of the request that was shown; anything else is none that there is."""
    return int(str(value)) if str(value).isascii() and str(value).isdigit() else 0
