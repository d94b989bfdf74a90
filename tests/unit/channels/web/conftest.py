from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from starlette.testclient import TestClient

from bot.settings import Settings
from bot.storage.store import SqlStore
from bot.web.app import Parts, build_app
from tests.conftest import FixedClock
from tests.scripted_desk import ScriptedEngine, scripted_parts

SITE = "http://127.0.0.1:9999"
"""A website's origin, which development allows for being on loopback."""

Widget = Callable[..., Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(secret_key="s" * 32, var_dir=tmp_path)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What was logged, which else would fill the screen."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def parts(settings: Settings, sqlite_store: SqlStore, clock: FixedClock, engine: ScriptedEngine) -> Parts:
    return scripted_parts(settings, sqlite_store, clock, engine)


@pytest.fixture
def client(settings: Settings, parts: Parts) -> Iterator[TestClient]:
    with TestClient(build_app(settings, parts), base_url=settings.base_url) as client:
        yield client


class Browser:
    """Speaks to the API as the widget on a website's page does."""

    def __init__(self, client: TestClient, origin: str | None = SITE) -> None:
        self.client = client
        self.headers = {"Origin": origin} if origin else {}
        self.conversation = ""
        self._count = 0

    def call(self, method: str, path: str, **given: Any) -> Any:
        headers = {**self.headers, **given.pop("headers", {})}
        return self.client.request(method, f"/chat/{path}", headers=headers, **given)

    def start(self, company: str = "okura") -> Any:
        answer = self.call("POST", "conversations", json={"company": company})
        if answer.is_success:
            self.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            self.conversation = answer.json()["conversation"]
        return answer

    def send(self, text: str, event_id: str | None = None) -> Any:
        self._count += 1
        return self.call("POST", "messages", json={"id": event_id or f"message-{self._count}", "text": text})

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        """Everything said, once the desk has answered."""
        self.settle()
        return self.call("GET", f"messages?after={after}").json()["messages"]

    def settle(self) -> None:
        """Wait until nothing is left to answer: each call lets the app's loop run."""
        for _ in range(200):
            if not self.call("GET", "messages?after=999999").json()["answering"]:
                return
        raise AssertionError("the desk doesn't answer")


@pytest.fixture
def browser(client: TestClient) -> Browser:
    return Browser(client)
