"""After the faults: accepted = recorded = answered, none twice, and every message out exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bench.register import COMPANY
from bench.traffic.crowd import Book
from bench.traffic.mail import MailServer
from bench.traffic.visitor import Exchange, Visitor
from bot.privacy.handoff import HandoffReason
from bot.services.clock import SystemClock
from bot.services.ports import RequestFilter, Store, Transaction
from bot.services.records import Message
from tests.line_server import LineServer

APOLOGY = "ただいま自動でのお答えができません"
CONTACT = "0233-75-3111"


@dataclass
class Balance:
    """What was counted, and everything that doesn't add up."""

    counts: Counter[str] = field(default_factory=Counter)
    wrongs: list[str] = field(default_factory=list)
    longest_wait_s: float = 0.0

    def check(self, holds: bool, otherwise: str) -> None:
        """Note what should hold and doesn't."""
        if not holds:
            self.wrongs.append(otherwise)

    def __str__(self) -> str:
        figures = ", ".join(f"{name} {count}" for name, count in self.counts.items())
        wrongs = "".join(f"\n  WRONG: {wrong}" for wrong in self.wrongs) or " – it adds up"
        return f"{figures}; longest wait {self.longest_wait_s:.0f} s{wrongs}"


def count(store: Store, book: Book, line: LineServer, mail: MailServer) -> Balance:
    """Compare what customers know with what the database, LINE and the mail server have."""
    balance = Balance(wrongs=[*book.complaints, *line.violations])
    _count_waits(balance, book.exchanges())
    with store.transaction(read_only=True) as tx:
        for visitor in book.visitors:
            stored = tx.conversations.messages(visitor.conversation) if visitor.conversation else []
            _count_exchanges(balance, stored, visitor.exchanges)
            _compare_screens(balance, stored, visitor)
        for person in book.people:
            thread = tx.conversations.find_external("line", COMPANY, person.id)
            _count_exchanges(balance, tx.conversations.messages(thread.id) if thread else [], person.exchanges)
            said = sum(1 for exchange in person.exchanges if exchange.accepted)
            shown = len(line.to(person.id))
            balance.counts["answers in LINE"] += shown
            balance.check(shown == said, f"{person.id} of LINE said {said} things and was shown {shown} answers")
        _count_cases(balance, tx, book)
        _count_mail(balance, tx, mail)
        balance.check(tx.audit.first_bad() is None, "the audit chain is broken")
    return balance


def nothing_waits(store: Store) -> bool:
    """Whether the desk itself believes that all is done."""
    now = SystemClock().now()
    with store.transaction(read_only=True) as tx:
        # By tomorrow nobody's lease is left: who is still at work counts as waiting, too.
        waiting = (
            tx.conversations.unanswered(now, now + timedelta(days=1))
            or tx.outbox.find("waiting")
            or tx.postings.behind(now)
        )
    return not waiting


def _count_waits(balance: Balance, exchanges: Sequence[Exchange]) -> None:
    balance.longest_wait_s = max((exchange.waited_s for exchange in exchanges), default=0.0)
    apologies = [exchange for exchange in exchanges if APOLOGY in exchange.words]
    balance.counts["apologies"] = len(apologies)
    for exchange in apologies:
        balance.check(CONTACT in exchange.words, f"{exchange.id} was told no contact")


def _count_exchanges(balance: Balance, stored: Sequence[Message], exchanges: Sequence[Exchange]) -> None:
    by_event: dict[str | None, list[Message]] = {}
    for message in stored:
        by_event.setdefault(message.event_id, []).append(message)
    for exchange in exchanges:
        if exchange.accepted is None:
            continue
        balance.counts["accepted"] += 1
        found = by_event.get(exchange.id, [])
        balance.check(len(found) == 1, f"{exchange.id} was accepted and is recorded {len(found)} times")
        for message in found[:1]:
            balance.counts["recorded"] += 1
            replies = [one for one in stored if one.reply_to == message.id]
            answered = message.answered_at is not None and (bool(replies) or exchange.owner == "staff")
            balance.counts["answered"] += answered
            balance.check(answered, f"{exchange.id} is recorded and was never answered")
            # After an excuse what a form did all the same is told; there is no third time.
            excused = any(APOLOGY in one.text for one in replies)
            times = {one.created_at for one in replies}
            balance.check(len(times) <= 1 + excused, f"{exchange.id} was answered {len(times)} times")
            balance.counts["answers after an apology"] += len(times) > 1


def _compare_screens(balance: Balance, stored: Sequence[Message], visitor: Visitor) -> None:
    """What the visitor saw is what is stored, to the letter."""
    seen = {seq: message["text"] for seq, message in visitor.messages.items()}
    kept = {message.seq: message.text for message in stored}
    unlike = [seq for seq in {*seen, *kept} if seen.get(seq) != kept.get(seq)]
    complete = all(exchange.answered for exchange in visitor.exchanges)
    balance.check(
        not complete or not unlike, f"{visitor.conversation} was shown other messages {unlike} than are stored"
    )


def _count_cases(balance: Balance, tx: Transaction, book: Book) -> None:
    by_conversation = Counter(request.conversation for request in tx.requests.find(RequestFilter()))
    balance.counts["requests"] = by_conversation.total()
    for conversation, receipt in book.receipts.items():
        balance.check(
            by_conversation[conversation] == 1,
            f"{conversation} made {by_conversation[conversation]} requests: {_story(book, conversation)}",
        )
        request = tx.requests.by_receipt(receipt)
        balance.check(request is not None and request.conversation == conversation, f"{receipt} is nobody's request")
    balance.check(
        by_conversation.total() == len(book.receipts),
        f"{by_conversation.total()} requests are there and {len(book.receipts)} receipts were given",
    )
    asked = Counter(case.conversation for case in tx.handoffs.find() if case.reason is HandoffReason.ASKED)
    for conversation in book.called_staff:
        balance.counts["calls for a person"] += 1
        balance.check(
            asked[conversation] == 1, f"{conversation} called a person and opened {asked[conversation]} cases"
        )
    for number in book.stopped.values():
        held = tx.suppressions.suppressed(COMPANY, [number], "phone", "marketing")
        balance.check(bool(held), f"the calls to {number} weren't stopped")


def _story(book: Book, conversation: str) -> str:
    """What was said and how it was answered, each by its beginning: all that is left to look at after a run."""
    told = [visitor for visitor in book.visitors if visitor.conversation == conversation]
    return " | ".join(
        f"{exchange.text[:20]} → {exchange.words[:30]!r} after {exchange.waited_s:.0f} s"
        for visitor in told
        for exchange in visitor.exchanges
    )


def _count_mail(balance: Balance, tx: Transaction, mail: MailServer) -> None:
    """A mail that comes again must be the same mail: a receiver knows it by its Message-ID."""
    sent = [message for message in tx.outbox.find() if message.kind == "email"]
    balance.counts["mails"] = len(mail.taken)
    balance.counts["mails repeated under their id"] = mail.taken.total() - len(mail.taken)
    balance.check(len(mail.taken) == len(sent), f"{len(sent)} mails were due and {len(mail.taken)} came")
    for message in tx.outbox.find():
        balance.check(
            message.status == "sent", f"{message.kind} {message.id} is {message.status}: {message.last_error}"
        )
