"""One conversation: what was said, who the customer is, and what staff answer."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.case_words import CaseWords, worker_of
from bot.console.frame import Frame
from bot.console.page import Page
from bot.errors import NotFound
from bot.knowledge.library import PolicyLibrary
from bot.privacy.request_types import REQUEST_TYPES
from bot.services.canned_answers import CannedAnswers
from bot.services.casework import Casework
from bot.services.casework.case_file import CaseFile
from bot.services.casework.clauses import find_clauses
from bot.services.casework.talk import LONGEST_ANSWER, LONGEST_NOTE
from bot.services.staff.roles import EVERYONE, WORKERS

if TYPE_CHECKING:
    from bot.channels.line.channel import LineChannel

_LONGEST_ID = 100
_LONGEST_KEY = 64


class ConversationPages:
    """Everybody in the company reads; who works there answers."""

    def __init__(
        self,
        casework: Casework,
        answers: CannedAnswers,
        companies: PolicyLibrary,
        words: CaseWords,
        frame: Frame,
        line: LineChannel | None,
    ) -> None:
        self._casework = casework
        self._answers = answers
        self._companies = companies
        self._words = words
        self._frame = frame
        self._line = line

    def pages(self) -> list[Page]:
        """The page, its parts that are brought up to date, and its forms."""
        one = "/conversations/{conversation}"
        return [
            Page(one, self.show, EVERYONE),
            Page(f"{one}/messages", self.messages, EVERYONE, quiet=True),
            Page(f"{one}/state", self.state, EVERYONE, quiet=True),
            Page(f"{one}/clauses", self.clauses, WORKERS),
            Page(f"{one}/quota", self.quota, WORKERS, quiet=True),
            Page(f"{one}/say", self.say, WORKERS, ("POST",)),
            Page(f"{one}/note", self.note, WORKERS, ("POST",)),
            Page(f"{one}/begin", self.begin, WORKERS, ("POST",)),
        ]

    async def show(self, request: Request) -> Response:
        """Show everything; the customer in LINE sees that it was read, if somebody who may answer looks."""
        file, company = await self._file(request), request.state.membership.company
        works = request.state.membership.role in WORKERS
        store = file.case.store if file.case else None
        colleagues = await run_in_threadpool(self._casework.cases.colleagues, worker_of(request), store)
        response = self._frame.show(
            request,
            "conversation.html",
            alone=False,
            file=file,
            works=works,
            colleagues=colleagues if works else [],
            answers=await run_in_threadpool(self._answers.list, company) if works else [],
            key=uuid.uuid4().hex,
            longest=LONGEST_ANSWER,
            longest_note=LONGEST_NOTE,
            types={kind.id: kind.label for kind in REQUEST_TYPES},
            words=self._words,
        )
        if works and self._line is not None and file.thread.channel == "line":
            response.background = BackgroundTask(self._line.mark_read, file.thread.id)
        return response

    async def messages(self, request: Request) -> Response:
        """Give the messages after the last one that the page has."""
        after = request.query_params.get("seen", "")
        number = int(after) if after.isdecimal() and len(after) < 10 else 0
        read = self._casework.files.messages
        news = await run_in_threadpool(read, worker_of(request), _conversation(request), number)
        return self._frame.show(
            request,
            "conversation_messages.html",
            news=news,
            seen=news.messages[-1].seq if news.messages else number,
            conversation=_conversation(request),
            works=request.state.membership.role in WORKERS,
            words=self._words,
        )

    async def state(self, request: Request) -> Response:
        """Give the part that says who has the conversation."""
        file = await self._file(request)
        works = request.state.membership.role in WORKERS
        return self._frame.show(request, "conversation_state.html", file=file, works=works, words=self._words)

    async def clauses(self, request: Request) -> Response:
        """Find clauses of the published policy, to be put into an answer as they stand."""
        wanted = request.query_params.get("q", "").strip()[:200]
        policy = self._companies.get(request.state.membership.company).policy
        found = await run_in_threadpool(find_clauses, policy, wanted)
        return self._frame.show(request, "conversation_clauses.html", found=found, wanted=wanted, title=policy.title)

    async def quota(self, request: Request) -> Response:
        """Say how many messages the company may still push to LINE this month."""
        company = request.state.membership.company
        quota = await self._line.quota(company) if self._line is not None else None
        return self._frame.show(request, "conversation_quota.html", quota=quota)

    async def say(self, request: Request) -> Response:
        """Answer the customer."""
        form, conversation = await request.form(), _conversation(request)
        text, key = str(form.get("text", "")), _key(str(form.get("key", "")))
        await run_in_threadpool(self._casework.talk.say, worker_of(request), conversation, text, key)
        if request.headers.get("hx-request"):
            return self._frame.show(
                request,
                "conversation_compose.html",
                conversation=conversation,
                key=uuid.uuid4().hex,
                longest=LONGEST_ANSWER,
            )
        return self._frame.back(self._address(request), "answer_sent")

    async def note(self, request: Request) -> Response:
        """Keep a note for colleagues."""
        form, conversation = await request.form(), _conversation(request)
        text, key = str(form.get("note", "")), _key(str(form.get("key", "")))
        await run_in_threadpool(self._casework.talk.note, worker_of(request), conversation, text, key)
        if request.headers.get("hx-request"):
            return self._frame.show(
                request,
                "conversation_notes.html",
                alone=True,
                file=await self._file(request),
                works=True,
                key=uuid.uuid4().hex,
                longest_note=LONGEST_NOTE,
            )
        return self._frame.back(self._address(request), "note_kept")

    async def begin(self, request: Request) -> Response:
        """Take the conversation from the bot."""
        await run_in_threadpool(self._casework.cases.begin, worker_of(request), _conversation(request))
        return self._frame.back(self._address(request), "case_claimed")

    async def _file(self, request: Request) -> CaseFile:
        return await run_in_threadpool(self._casework.files.open, worker_of(request), _conversation(request))

    def _address(self, request: Request) -> str:
        return self._frame.path(request, f"/conversations/{_conversation(request)}")


def _conversation(request: Request) -> str:
    conversation = str(request.path_params["conversation"])
    if len(conversation) > _LONGEST_ID:
        raise NotFound("no conversation has such an id")
    return conversation


def _key(given: str) -> str:
    """The page's own id of what it sends, by which sending it twice is once; a form without one is always new."""
    return given if given.isalnum() and len(given) <= _LONGEST_KEY else uuid.uuid4().hex
