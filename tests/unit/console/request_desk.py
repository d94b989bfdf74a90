"""The console's pages of requests in one process, with staff who are signed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.bootstrap import Services
from bot.console.app import House, build_console
from bot.console.cookies import SESSION
from bot.privacy.statuses import IdentityStatus
from bot.services.ports.company_settings import StaffChoices
from bot.services.records import Conversation, DataSubjectRequest
from bot.services.staff.records import Membership, StaffMember, Stage
from bot.services.staff.roles import Role
from tests.hanako import HANAKO, ask_as_hanako


class RequestDesk:
    """okura's desk with Hanako in the register and a conversation of hers."""

    def __init__(self, services: Services) -> None:
        self.services = services
        # The pages of requests need neither the engine nor a way to customers.
        self.app = Starlette(routes=[build_console(House(services, None, services.notifier))])
        now = services.clock.now()
        with services.store.transaction() as tx:
            tx.customers.save_many([HANAKO])
            tx.conversations.add(Conversation("c1", "web", "okura", now, now))

    def sign_in(self, staff_id: str, role: Role = Role.CLERK, company: str = "okura", store: str | None = None) -> Any:
        """A browser of a member of staff."""
        with self.services.store.transaction() as tx:
            now = self.services.clock.now()
            tx.staff.add(StaffMember(staff_id, f"{staff_id}@example.jp", f"担当{staff_id}", now, "hash"))
            tx.staff.put_membership(Membership(staff_id, company, role, store))
            token = self.services.staff.sessions.begin(tx, staff_id, Stage.FULL, "test")
        return Browser(self, token)

    def opened(
        self, kind: str = "disclosure", identity: IdentityStatus = IdentityStatus.VERIFIED, **more: Any
    ) -> DataSubjectRequest:
        """A request of Hanako."""
        return ask_as_hanako(self.services, kind, identity, **{"conversation": "c1", **more})

    def now(self, request: DataSubjectRequest) -> DataSubjectRequest:
        """The request as it stands."""
        return self.services.requests.get(request.receipt)

    def finish_tasks(self, request: DataSubjectRequest) -> None:
        """Tick everything off."""
        for task in self.services.request_files.file("okura", request.receipt).tasks:
            self.services.request_work.tick(request.id, task.key, True, "s1")

    def four_eyes(self, wanted: bool) -> None:
        """Ask for a second person, or not."""
        with self.services.store.transaction() as tx:
            tx.company_settings.save(StaffChoices("okura", four_eyes=wanted))

    def messages(self) -> list[str]:
        """What stands in the conversation."""
        with self.services.store.transaction() as tx:
            return [message.text for message in tx.conversations.messages("c1")]

    def mails(self) -> list[tuple[str, str]]:
        """Recipient and text of what waits to go out."""
        with self.services.store.transaction() as tx:
            return [(one.recipient, one.text) for one in tx.outbox.find("waiting")]


class Browser:
    """A member of staff's browser without scripts: it reads forms from pages and posts them."""

    def __init__(self, desk: RequestDesk, token: str) -> None:
        self.client = TestClient(desk.app, cookies={SESSION: token}, follow_redirects=True)

    def get(self, path: str) -> Any:
        """Open a page of okura."""
        return self.client.get(f"/staff/okura{path}")

    def post(self, path: str, page: Any = None, **fields: Any) -> Any:
        """Post a form with the hidden fields of the page that it stands on."""
        shown = page.text if page is not None else self.get("/requests").text
        hidden = dict(_hidden(shown)) if page is not None else {}
        token = re.search(r'name="csrf" value="([^"]+)"', shown)
        assert token
        return self.client.post(f"/staff/okura{path}", data={**hidden, "csrf": token[1], **fields})


def _hidden(html: str) -> Iterator[tuple[str, str]]:
    for name in ("version", "words", "ground", "despite"):
        if found := re.search(rf'type="hidden" name="{name}" value="([^"]*)"', html):
            yield name, found[1]
