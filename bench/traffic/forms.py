"""Requests as a visitor makes them: each question of the form is answered, and what went wrong is taken up again."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping

from bench.traffic.visitor import Exchange, NotAnswered, Visitor

RECEIPT = re.compile(r"受付番号\D*?([A-Z0-9-]{6,})")
GO_ON = "さっきの続きをお願いします"
SUBMIT = "送信する"
ANOTHER_CODE = "コードが届かない"
BREATH_S = 2.0
"""How long a customer waits after a word of apology."""
LONGEST_FORM_S = 1800.0
"""Every fault there is may fall into one form, and on a busy machine an engine takes a minute to come back from one."""

Answers = Mapping[str, Callable[[], Awaitable[str]]]


def _always(text: str) -> Callable[[], Awaitable[str]]:
    async def say() -> str:
        return text

    return say


async def stop_calls(visitor: Visitor, number: str) -> str:
    """Stop the calls to a number; give the receipt."""
    answers = {"keep_inspection": _always("点検・車検のお知らせは続けてほしい"), "stop_phone": _always(number)}
    return await _fill_in(visitor, f"{number} への営業電話をやめてください", answers)


async def disclose(visitor: Visitor, person: Mapping[str, str], code: Callable[[], Awaitable[str]]) -> str:
    """Ask for one's own data, prove who one is, and give the receipt; `code` waits for the code and gives it."""
    answers = {
        "scope": _always("すべて"),
        "form": _always("電子データで受け取る"),
        "name": _always(person["name"]),
        "contact": _always(person["email"]),
        "code": code,
        "fact": _always(person["birth_date"]),
    }
    return await _fill_in(visitor, "私のデータ全部見せて", answers)


async def _fill_in(visitor: Visitor, opening: str, answers: Answers) -> str:
    said, began = opening, time.monotonic()
    while time.monotonic() < began + LONGEST_FORM_S:
        exchange = await visitor.say(said)
        if receipt := RECEIPT.search(exchange.words):
            return receipt[1]
        said = await _next_word(exchange, opening, {**answers, "summary": _always(SUBMIT)})
        # What the engine did too late for its answer is told later, while the customer takes a breath.
        if receipt := RECEIPT.search(visitor.screen):
            return receipt[1]
    last = f"{exchange.text!r} → {exchange.words!r}"
    raise NotAnswered(f"no receipt after {LONGEST_FORM_S} s in {visitor.conversation}, at last: {last}")


async def _next_word(exchange: Exchange, opening: str, answers: Answers) -> str:
    if exchange.field is not None:
        return await answers[exchange.field]()
    await asyncio.sleep(BREATH_S)
    # Whoever was told that nothing is open any more begins anew, as a customer would.
    return opening if exchange.text == GO_ON else GO_ON
