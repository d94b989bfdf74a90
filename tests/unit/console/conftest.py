from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import structlog
from starlette.testclient import TestClient

from bot.bootstrap import Services, build_services
from bot.settings import Settings
from bot.web.app import Parts, build_app
from bot.web.process import parts_of
from tests.conftest import SECRET, FixedClock
from tests.scripted_desk import ScriptedEngine
from tests.staff import PASSWORD, add_staff

CLERK = "clerk@okura.example.jp"
MANAGER = "manager@okura.example.jp"
AUDITOR = "auditor@okura.example.jp"
ADMIN = "admin@okura.example.jp"
ELSEWHERE = "admin@kagoshima.example.jp"

_TOKEN = re.compile(r'name="csrf" value="(\w+)"')
_STATE = re.compile(r'"X-CSRF-Token": "(\w+)"')


@pytest.fixture(scope="session")
def staffed_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with staff of both companies, to be copied."""
    folder = tmp_path_factory.mktemp("staffed")
    file = Path(shutil.copy(migrated_file, folder / "desk.db"))
    clock = FixedClock(datetime(2026, 6, 2, 1, 0, tzinfo=timezone.utc))
    services = build_services(Settings(secret_key=SECRET, var_dir=folder, database_url=f"sqlite:///{file}"), clock)
    add_staff(services)
    services.store.close()
    return file


@pytest.fixture
def settings(tmp_path: Path, staffed_file: Path) -> Settings:
    file = shutil.copy(staffed_file, tmp_path / "desk.db")
    return Settings(secret_key=SECRET, var_dir=tmp_path, database_url=f"sqlite:///{file}")


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What was logged, which else would fill the screen."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
def services(settings: Settings, clock: FixedClock) -> Iterator[Services]:
    """The real use cases, with staff of both companies."""
    services = build_services(settings, clock)
    yield services
    services.store.close()


@pytest.fixture
def parts(services: Services) -> Parts:
    return parts_of(services, ScriptedEngine())


class Browser:
    """A browser that reads tokens from the forms it is shown."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, **given: Any) -> Any:
        return self.client.get(path, follow_redirects=False, **given)

    def post(self, path: str, data: dict[str, Any] | None = None, csrf: str | None = None, **given: Any) -> Any:
        """Send a form with the token that this browser's pages have, or another."""
        form = {"csrf": self.token() if csrf is None else csrf, **(data or {})}
        return self.client.post(path, data=form, follow_redirects=False, **given)

    def token(self) -> str:
        """The token for forms: any page has it."""
        found = _STATE.search(self.client.get("/staff/companies").text)
        assert found
        return found[1]

    def sign_in(self, email: str, password: str = PASSWORD, way: str = "") -> Any:
        return self.post("/staff/login", {"email": email, "password": password, "next": way})

    @property
    def session(self) -> str:
        return self.client.cookies.get("madoguchi_staff", path="/staff") or ""


OpenBrowser = Callable[..., Browser]


@pytest.fixture
def browser(settings: Settings, parts: Parts) -> Iterator[OpenBrowser]:
    """Open a browser, and sign somebody in: `browser(CLERK)`; settings may differ from the usual."""
    clients: list[TestClient] = []

    def open_browser(email: str = "", **settings_too: Any) -> Browser:
        its_parts = parts
        if settings_too:
            its_parts = parts_of(build_services(replace(settings, **settings_too), parts.clock), ScriptedEngine())
        app = build_app(replace(settings, **settings_too), its_parts)
        client = TestClient(app, base_url=replace(settings, **settings_too).base_url, raise_server_exceptions=False)
        clients.append(client)
        opened = Browser(client)
        if email:
            assert opened.sign_in(email).status_code == 303
        return opened

    yield open_browser
    for client in clients:
        client.close()
