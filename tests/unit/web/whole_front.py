"""The whole public front in one process, and those who may get past its doors."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.testclient import TestClient
from starlette.types import ASGIApp

from bot.bootstrap import Services, build_machine_register, build_services
from bot.console.cookies import SESSION
from bot.services.machines import Scope
from bot.services.staff.records import Membership, StaffMember, Stage
from bot.services.staff.roles import Role
from bot.settings import Settings
from bot.web.app import build_app
from bot.web.process import parts_of


@dataclass(frozen=True)
class WholeFront:
    """The app as its process has it."""

    app: ASGIApp
    services: Services

    def client(self) -> TestClient:
        """A visitor, who follows nothing."""
        return TestClient(self.app, base_url=self.services.settings.base_url, follow_redirects=False)

    def insiders_headers(self) -> dict[str, str]:
        """The headers of whoever has both a key and a session of an administrator."""
        services = self.services
        register = build_machine_register(services.store, services.settings)
        key = register.add("a fuzzer", "okura", Scope.WORK, None, "operator").key
        with services.store.transaction() as tx:
            tx.staff.add(StaffMember("s1", "s1@example.jp", "担当", services.clock.now(), "hash"))
            tx.staff.put_membership(Membership("s1", "okura", Role.ADMIN, None))
            token = services.staff.sessions.begin(tx, "s1", Stage.FULL, "test")
        return {"Authorization": f"Bearer {key}", "Cookie": f"{SESSION}={token}"}


def whole_front(settings: Settings) -> WholeFront:
    """Wire it over the database of the settings."""
    services = build_services(settings)
    return WholeFront(build_app(settings, parts_of(services)), services)
