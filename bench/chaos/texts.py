"""Messages that nobody would write, sent to a desk by several visitors: each must be answered, none with an excuse."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import httpx

from bench.traffic.crowd import BACK
from bench.traffic.generated import generated_texts
from bench.traffic.stage import stage
from bench.traffic.visitor import NotAnswered, Visitor, browser

A_CONVERSATION = 20
AT_ONCE = 8
EXCUSES = ("Traceback", "Error", "調子が悪く", "ただいま自動でのお答えができません")


async def send_generated(http: httpx.AsyncClient, seed: int, count: int) -> list[str]:
    """Send so many; name each that got no answer or an excuse, by its beginning."""
    waiting = _conversations(generated_texts(seed, count))
    wrongs = await asyncio.gather(*(_visit(http, waiting) for _ in range(AT_ONCE)))
    return [wrong for some in wrongs for wrong in some]


async def send_to_a_desk_of_their_own(seed: int, count: int) -> list[str]:
    """Start a desk for them."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-chaos-") as folder:
        async with stage(Path(folder), {}, 1) as on, browser(on.desk.web_url) as http:
            return await send_generated(http, seed, count)


def _conversations(texts: Iterator[str]) -> Iterator[list[str]]:
    while some := list(islice(texts, A_CONVERSATION)):
        yield some


async def _visit(http: httpx.AsyncClient, waiting: Iterator[list[str]]) -> list[str]:
    wrongs = []
    for texts in waiting:
        async with Visitor(http) as visitor:
            for text in texts:
                if (said := await _answer_to(visitor, text)) is None or any(excuse in said for excuse in EXCUSES):
                    wrongs.append(f"{text[:80]!r} was answered {said!r}")
    return wrongs


async def _answer_to(visitor: Visitor, text: str) -> str | None:
    """The words of an answer; None without any. A person who was called by chance is sent back."""
    try:
        exchange = await visitor.say(text)
        if exchange.owner == "staff":
            await visitor.say(BACK, to_bot=True)
    except NotAnswered:
        return None
    return exchange.words or None
