"""A customer who talks to the intake over the real store."""

from __future__ import annotations

import itertools
import re
import uuid

from bot.knowledge.library import PolicyLibrary
from bot.services.intake import Intake
from bot.services.phrases import Reply
from bot.services.ports import RequestFilter
from bot.services.records import Conversation, Customer, DataSubjectRequest, OutboundMessage, Suppression
from bot.services.turns import Expectation, Turn
from bot.storage.store import SqlStore
from bot.understanding.result import Understanding

_events = itertools.count(1)


def missing(heard: str, *parts: str) -> list[str]:
    """List what was expected and not heard."""
    return [part for part in parts if part not in heard]


class Talk:
    """One conversation; `says` gives all that the desk replied, as one text."""

    def __init__(
        self, intake: Intake, store: SqlStore, companies: PolicyLibrary, clock, company: str, channel: str
    ) -> None:
        self.intake, self.store, self.company, self.channel = intake, store, companies.get(company), channel
        self.clock = clock
        self.id = uuid.uuid4().hex
        self.replies: list[Reply] = []
        external = "U0123" if channel == "line" else None
        with store.transaction() as tx:
            tx.conversations.add(
                Conversation(self.id, channel, company, clock.now(), clock.now(), external_id=external)
            )

    def turn(self, text: str, intent: str = "inform", event: str | None = None) -> Turn:
        """A message, a second after the one before."""
        self.clock.advance(seconds=1)
        understanding = Understanding(text, intent, 0.9, ((intent, 0.9),))
        return Turn(self.id, self.company, self.channel, event or f"e{next(_events)}", text, understanding)

    def _heard(self, replies: list[Reply]) -> str:
        self.replies = replies
        return "\n".join(reply.text for reply in replies)

    def wants(self, procedure: str, text: str, event: str | None = None) -> str:
        return self._heard(self.intake.start(self.turn(text, event=event), procedure))

    def says(self, text: str, intent: str = "inform", event: str | None = None) -> str:
        return self._heard(self.intake.answer(self.turn(text, intent, event)))

    def expectation(self, text: str = "") -> Expectation | None:
        """What the form waits for, if this is said now."""
        with self.store.transaction(read_only=True) as tx:
            return self.intake.expectation(tx, self.id, text)

    def does(self, step: str, text: str = "") -> str:
        return self._heard(getattr(self.intake, step)(self.turn(text)))

    def buttons(self) -> list[str]:
        return [button.payload for reply in self.replies for button in reply.buttons]

    def outbox(self) -> list[OutboundMessage]:
        with self.store.transaction() as tx:
            return [message for message in tx.outbox.find() if message.status == "waiting"]

    def code(self) -> str:
        """The last code that was sent, as its reader finds it: on a line of its own."""
        found = [
            line for message in self.outbox() for line in message.text.splitlines() if re.fullmatch(r"\d{8}", line)
        ]
        return found[-1]

    def requests(self) -> list[DataSubjectRequest]:
        with self.store.transaction() as tx:
            return tx.requests.find(RequestFilter())

    def suppressions(self) -> set[tuple[str | None, str, str]]:
        return {(one.contact, one.means, one.purpose) for one in self.rows()}

    def rows(self) -> list[Suppression]:
        with self.store.transaction() as tx:
            return tx.suppressions.find()

    def goes_through(self, *pairs: tuple[str, str]) -> None:
        """Say each first text and find each second in the replies."""
        for said, expected in pairs:
            heard = self.says(said)
            assert expected in heard, f"{said!r} was answered {heard!r}, which lacks {expected!r}"


TARO = Customer(
    id="taro",
    company="okura",
    customer_no="1001",
    name="山田 太郎",
    name_kana="ヤマダ タロウ",
    email="taro@example.jp",
    phone="+819012345678",
    address="山形県最上郡大蔵村清水1",
    birth_date="1985-03-01",
    plates=("山形 500 あ 12-34",),
)


def give(store: SqlStore, *customers: Customer) -> None:
    with store.transaction() as tx:
        tx.customers.save_many(customers)
