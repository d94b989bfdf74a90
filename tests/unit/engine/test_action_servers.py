from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from rasa.utils.endpoints import EndpointConfig

from bot.engine.action_servers import ActionServers

URLS = ("http://127.0.0.1:1/webhook", "http://127.0.0.1:2/webhook", "http://127.0.0.1:3/webhook")


class Asked:
    """What the servers were asked, and which of them are gone."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.gone: dict[str, Exception] = {}
        self.hold: asyncio.Event | None = None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()

    async def request(self: EndpointConfig, method: str = "post", **options: Any) -> dict[str, Any]:
        asked.urls.append(self.url)
        # As Rasa's own does it: what one server was asked with must not be missing for the next.
        assert options.pop("json") == {"next_action": "a"}
        if asked.hold:
            await asked.hold.wait()
        if self.url in asked.gone:
            raise asked.gone[self.url]
        return {"events": [], "responses": []}

    monkeypatch.setattr(EndpointConfig, "request", request)
    return asked


async def ask(servers: ActionServers) -> Any:
    return await servers.request(json={"next_action": "a"}, method="post", timeout=15)


async def test_each_engine_begins_with_a_server_of_its_own(asked: Asked) -> None:
    for number in range(4):
        await ask(ActionServers(URLS, number))
    assert asked.urls == [*URLS, URLS[0]]


async def test_the_least_busy_is_asked(asked: Asked) -> None:
    servers, asked.hold = ActionServers(URLS, 0), asyncio.Event()
    running = [asyncio.create_task(ask(servers)) for _ in range(6)]
    while len(asked.urls) < 6:
        await asyncio.sleep(0)
    assert asked.urls == [*URLS, *URLS]
    asked.hold.set()
    await asyncio.gather(*running)


async def test_a_server_that_is_gone_leaves_its_action_to_the_next(asked: Asked) -> None:
    asked.gone = {URLS[0]: aiohttp.ServerDisconnectedError(), URLS[1]: aiohttp.ClientOSError()}
    assert await ask(ActionServers(URLS, 0)) == {"events": [], "responses": []}
    assert asked.urls == list(URLS)


async def test_with_all_gone_rasa_hears_of_it(asked: Asked) -> None:
    asked.gone = dict.fromkeys(URLS, aiohttp.ClientConnectionError("gone"))
    servers = ActionServers(URLS, 0)
    with pytest.raises(aiohttp.ClientConnectionError, match="gone"):
        await ask(servers)
    assert set(servers._busy.values()) == {0}


async def test_an_action_that_fails_is_not_run_elsewhere(asked: Asked) -> None:
    asked.gone = {URLS[0]: ValueError("500")}
    with pytest.raises(ValueError, match="500"):
        await ask(ActionServers(URLS, 0))
    assert asked.urls == [URLS[0]]
