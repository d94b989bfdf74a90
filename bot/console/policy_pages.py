"""方針の点検 and 答えられなかった質問: what the policy says, lacks, and was asked in vain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Page
from bot.console.stores import stores_wanted
from bot.knowledge.library import PolicyLibrary
from bot.knowledge.privacy_policy import PrivacyPolicy
from bot.services.phrases import Phrasebook
from bot.services.policy_report import PolicyReport, report
from bot.services.ports import Store
from bot.services.records import UnansweredQuestion
from bot.services.staff.roles import MANAGERS, READERS_OF_AUDIT

SHOWN = 50


class PolicyPages:
    """Two lists to read; a policy is changed in its file."""

    def __init__(self, store: Store, companies: PolicyLibrary, phrases: Phrasebook, frame: Frame) -> None:
        self._store = store
        self._companies = companies
        self._phrases = phrases
        self._frame = frame
        self._checked: dict[str, tuple[PrivacyPolicy, PolicyReport]] = {}

    def pages(self) -> list[Page]:
        """The check is open to auditors; what customers asked is for those who may mend it."""
        return [
            Page("/admin/policy", self.check, READERS_OF_AUDIT, nav="policy"),
            Page("/admin/unanswered", self.unanswered, MANAGERS, nav="unanswered"),
        ]

    async def check(self, request: Request) -> Response:
        """Show the version in force and what its check found."""
        company = self._companies.get(request.state.membership.company)
        found = await run_in_threadpool(self._report, company.id, company.policy)
        return self._frame.show(request, "policy.html", report=found)

    async def unanswered(self, request: Request) -> Response:
        """Show a page of questions, the newest first."""
        membership, store = request.state.membership, request.query_params.get("store", "")
        before = _moment(request.query_params.get("before", ""))
        stores = stores_wanted(membership, self._companies.get(membership.company), store)
        questions = await run_in_threadpool(self._questions, membership.company, before, stores)
        more = questions[SHOWN - 1].asked_at if len(questions) > SHOWN else None
        return self._frame.show(request, "unanswered.html", questions=questions[:SHOWN], more=more, store=store)

    def _report(self, company: str, policy: PrivacyPolicy) -> PolicyReport:
        """Check a policy once: it stays the same object until its file changes."""
        checked, found = self._checked.get(company, (None, None))
        if checked is not policy or found is None:
            found = report(policy, self._phrases)
            self._checked[company] = (policy, found)
        return found

    def _questions(
        self, company: str, before: datetime | None, stores: Sequence[str] | None
    ) -> list[UnansweredQuestion]:
        with self._store.transaction(read_only=True) as tx:
            return tx.unanswered.latest(company, SHOWN + 1, before, stores)


def _moment(typed: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
