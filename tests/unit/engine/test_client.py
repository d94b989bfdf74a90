import json
from collections.abc import Callable

import httpx
import pytest

from bot.engine.client import PATH, TOKEN_HEADER, EngineGone, EngineSilent, HttpEngine, engine_token, reply_as_json
from bot.errors import Unavailable
from bot.services.ports import EngineReply
from bot.storage.vault import Vault

METADATA = {"message_id": "m1", "company": "okura"}


def engine_that(answers: Callable[[httpx.Request], httpx.Response]) -> HttpEngine:
    engine = HttpEngine("http://127.0.0.1:5005", "the token", timeout_s=1)
    engine._client = httpx.AsyncClient(
        base_url="http://127.0.0.1:5005", headers={TOKEN_HEADER: "the token"}, transport=httpx.MockTransport(answers)
    )
    return engine


async def test_the_engine_is_asked_with_the_token_and_its_replies_come_whole() -> None:
    asked: list[httpx.Request] = []
    reply = EngineReply("どうぞ", ({"title": "はい", "payload": "はい"},), {"topics": ["recall"]})

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=[reply_as_json(reply), reply_as_json(EngineReply("それだけ"))])

    assert await engine_that(answer).respond("c1", "やあ", METADATA) == [reply, EngineReply("それだけ")]
    [request] = asked
    assert (request.method, request.url.path) == ("POST", PATH)
    assert request.headers[TOKEN_HEADER] == "the token"
    assert json.loads(request.content) == {"conversation": "c1", "text": "やあ", "metadata": METADATA}


@pytest.mark.parametrize("status", [403, 500, 503])
async def test_an_engine_that_refuses_is_unavailable(status: int) -> None:
    with pytest.raises(Unavailable, match="HTTPStatusError"):
        await engine_that(lambda request: httpx.Response(status)).respond("c1", "やあ", METADATA)


@pytest.mark.parametrize("body", ["<html>", '[{"text": "a"}]', "[1]"])
async def test_an_engine_that_talks_nonsense_is_unavailable(body: str) -> None:
    with pytest.raises(Unavailable):
        await engine_that(lambda request: httpx.Response(200, text=body)).respond("c1", "やあ", METADATA)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("no"), EngineGone),
        (httpx.RemoteProtocolError("it hung up"), EngineGone),
        (httpx.ReadTimeout("slow"), EngineSilent),
    ],
)
async def test_an_engine_that_is_gone_is_told_from_one_that_is_slow(error: Exception, kind: type[Unavailable]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(kind, match=type(error).__name__):
        await engine_that(fail).respond("c1", "やあ", METADATA)


def test_the_token_is_the_same_for_the_same_key_and_no_other() -> None:
    assert engine_token(Vault("a" * 32)) == engine_token(Vault("a" * 32))
    assert engine_token(Vault("a" * 32)) != engine_token(Vault("b" * 32))
