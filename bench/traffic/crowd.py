"""A mix of customers: questions, requests with and without a code, calls for a person, LINE; streams come and go."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from bench.contenders import OUR_MESSAGES
from bench.register import person
from bench.traffic.forms import ANOTHER_CODE, disclose, stop_calls
from bench.traffic.line_person import LinePerson
from bench.traffic.mail import MailServer
from bench.traffic.visitor import Exchange, NotAnswered, Visitor
from tests.line_server import LineServer

TO_STAFF = "担当の人と話したい"
BACK = "自動でのお答えに戻る"
QUESTIONS = 3
CODE_PATIENCE_S = 30.0
"""After that long without the code's mail a customer asks for another one."""


@dataclass
class Book:
    """Who came, and what came of it."""

    visitors: list[Visitor] = field(default_factory=list)
    people: list[LinePerson] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    called_staff: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def exchanges(self) -> list[Exchange]:
        """Every message of every customer."""
        return [exchange for who in (*self.visitors, *self.people) for exchange in who.exchanges]

    def answered(self) -> list[Exchange]:
        """Those with an answer, in the order in which it came."""
        return sorted((one for one in self.exchanges() if one.answered), key=lambda one: one.answered or 0)


class Pace:
    """Lets so many customers a second begin; without a rate, whoever comes."""

    def __init__(self, a_second: float | None = None) -> None:
        self._gap_s = 1 / a_second if a_second else 0.0
        self._next = time.monotonic()

    async def turn(self) -> None:
        """Wait for one's turn; turns that nobody took are not made up for."""
        self._next = max(self._next + self._gap_s, time.monotonic())
        await asyncio.sleep(self._next - time.monotonic())


class Crowd:
    """Some customers at once, each followed by another one; `first` numbers those who are in the register."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        line: LineServer,
        mail: MailServer,
        chance: random.Random,
        registered: range,
    ) -> None:
        self._http = http
        self._line = line
        self._mail = mail
        self._chance = chance
        self._registered = iter(registered)
        self._numbers = itertools.count(1)
        self.book = Book()

    async def come(self, at_once: int, over: asyncio.Event, pace: Pace | None = None) -> None:
        """Come until it is over; who is in the middle of something ends it."""
        await asyncio.gather(*(self._one_after_the_other(over, pace or Pace()) for _ in range(at_once)))

    async def _one_after_the_other(self, over: asyncio.Event, pace: Pace) -> None:
        while not over.is_set():
            await pace.turn()
            part = self._chance.choices((self._ask, self._ask_in_line, self._stop, self._call, self._disclose), _SHARES)
            try:
                await part[0]()
            except NotAnswered as trouble:
                self.book.complaints.append(str(trouble))

    async def _visit(self, doing: Callable[[Visitor], Awaitable[None]]) -> None:
        visitor = Visitor(self._http)
        self.book.visitors.append(visitor)
        async with visitor:
            await doing(visitor)

    async def _ask(self) -> None:
        async def ask(visitor: Visitor) -> None:
            for question in self._chance.sample(OUR_MESSAGES, QUESTIONS):
                await visitor.say(question)

        await self._visit(ask)

    async def _ask_in_line(self) -> None:
        one = LinePerson(self._line, self._http, next(self._numbers))
        self.book.people.append(one)
        for question in self._chance.sample(OUR_MESSAGES, QUESTIONS):
            await one.say(question)

    async def _stop(self) -> None:
        number = f"070-{next(self._numbers):08d}"
        number = f"{number[:8]}-{number[8:]}"

        async def stop(visitor: Visitor) -> None:
            self.book.receipts[visitor.conversation] = await stop_calls(visitor, number)
            self.book.stopped[visitor.conversation] = number

        await self._visit(stop)

    async def _disclose(self) -> None:
        customer = person(next(self._registered))

        async def ask(visitor: Visitor) -> None:
            tried: set[str] = set()
            receipt = await disclose(visitor, customer, lambda: self._code_for(customer["email"], tried))
            self.book.receipts[visitor.conversation] = receipt

        await self._visit(ask)

    async def _call(self) -> None:
        async def call(visitor: Visitor) -> None:
            exchange = await visitor.say(TO_STAFF)
            if exchange.owner != "staff":
                return
            self.book.called_staff.append(visitor.conversation)
            await visitor.say("明日の午前中にお電話ください")
            await visitor.say(BACK, to_bot=True)

        await self._visit(call)

    async def _code_for(self, address: str, tried: set[str]) -> str:
        """Wait for a code that wasn't tried: the form may have begun anew, and the old code be none for it."""
        deadline = time.monotonic() + CODE_PATIENCE_S
        while (code := await self._mail.code(address)) is None or code in tried:
            if time.monotonic() > deadline:
                tried.clear()
                return ANOTHER_CODE
            await asyncio.sleep(0.05)
        tried.add(code)
        return code


_SHARES = (5, 3, 2, 1, 2)
"""Of askers, askers in LINE, stops, calls for a person and disclosures."""
