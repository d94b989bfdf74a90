"""Attacks on the one-time code: each test was seen red with its defence taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bot.errors import Unavailable
from bot.knowledge.library import PolicyLibrary
from bot.services.notices import Notices
from bot.services.phrases import Phrasebook
from bot.services.records import Conversation, Customer
from bot.services.verification import DAY_S, NOBODY, Sending, Verification, code_address
from bot.settings import ROOT, Settings

TARO = Customer("taro", "okura", "1", "山田 太郎", email="taro@example.jp", phone="+819012345678")
OKURA = PolicyLibrary(ROOT / "data" / "policies").get("okura")
KAGOSHIMA = PolicyLibrary(ROOT / "data" / "policies").get("kagoshima")


class Codes:
    """Sends and tries codes as separate messages would, each in a transaction of its own."""

    def __init__(self, store, vault, clock, settings: Settings) -> None:
        phrases = Phrasebook.load(ROOT / "data" / "responses" / "ja")
        self.verification = Verification(vault, Notices(phrases), settings)
        self.store, self.clock = store, clock
        self.converse("c1")
        self.converse("c2")

    def converse(self, conversation: str) -> None:
        with self.store.transaction() as tx:
            tx.conversations.add(Conversation(conversation, "web", "okura", self.clock.now(), self.clock.now()))

    def challenge(self, conversation="c1", purpose="d1", customer=TARO, company=OKURA, said="山田\ntaro@example.jp"):
        return self.verification.challenge(conversation, company, purpose, customer, "taro@example.jp", said)

    def send(self, **of) -> Sending:
        with self.store.transaction() as tx:
            return self.verification.send(tx, self.challenge(**of), self.clock.now())

    def check(self, code: str, **of) -> str | None:
        with self.store.transaction() as tx:
            return self.verification.check(tx, self.challenge(**of), code, self.clock.now())

    def messages(self):
        with self.store.transaction() as tx:
            return tx.outbox.find()

    def sent(self) -> list[str]:
        waiting = [message for message in self.messages() if message.status == "waiting"]
        return [re.search(r"^\d{8}$", message.text, re.MULTILINE)[0] for message in waiting]

    def after(self, **time_passed) -> Codes:
        self.clock.advance(**time_passed)
        return self


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def codes(sqlite_store, vault, clock, settings) -> Codes:
    return Codes(sqlite_store, vault, clock, settings)


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


def test_the_right_code_succeeds_once(codes):
    assert codes.send() is Sending.SENT
    [code] = codes.sent()
    assert codes.check(code) == "taro"
    assert codes.check(code) is None


def test_the_right_code_in_parallel_succeeds_once(codes):
    codes.send()
    [code] = codes.sent()
    with ThreadPoolExecutor(8) as pool:
        proven = list(pool.map(lambda _: codes.check(code), range(8)))
    assert proven.count("taro") == 1


def test_of_50_wrong_codes_in_parallel_no_more_than_5_are_evaluated(codes, sqlite_store):
    codes.send()
    [code] = codes.sent()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: codes.check(_wrong(code)), range(50)))
    with sqlite_store.transaction() as tx:
        assert tx.codes.latest("c1", "d1").attempts == 5
    assert codes.check(code) is None


def test_a_person_is_capped_over_conversations_and_drafts(sqlite_store, vault, clock):
    """200 requests with 3 guesses each: a new conversation and a new code reset nothing."""
    codes = Codes(sqlite_store, vault, clock, Settings(code_sends_day=100))
    for number in range(Settings().code_attempts_day):
        codes.converse(f"c{number}")
        codes.send(conversation=f"c{number}", purpose=f"d{number}")
        codes.check("00000000", conversation=f"c{number}", purpose=f"d{number}")
        codes.after(minutes=2)
    codes.send(conversation="c1", purpose="last", said="another")
    assert codes.check(codes.sent()[-1], conversation="c1", purpose="last") is None
    codes.after(seconds=DAY_S).send(conversation="c1", purpose="last")
    assert codes.check(codes.sent()[-1], conversation="c1", purpose="last") == "taro"


def test_a_sender_is_capped_over_persons(codes, settings):
    for number in range(settings.code_attempts_day):
        codes.check("00000000", purpose=f"d{number}", customer=replace(TARO, id=f"person{number}"))
    codes.send()
    assert codes.check(codes.sent()[-1]) is None


def test_a_company_is_capped(sqlite_store, vault, clock):
    codes = Codes(sqlite_store, vault, clock, Settings(code_attempts_company_day=3))
    for number in range(3):
        codes.check("00000000", purpose=f"d{number}", customer=replace(TARO, id=f"person{number}"))
    codes.send(conversation="c2")
    assert codes.check(codes.sent()[-1], conversation="c2") is None


def test_caps_end_with_the_day(codes, settings):
    for number in range(settings.code_attempts_day):
        codes.check("00000000", purpose=f"d{number}")
    codes.after(seconds=DAY_S + 1).send()
    assert codes.check(codes.sent()[-1]) == "taro"


@pytest.mark.parametrize(
    "elsewhere",
    [{"purpose": "d2"}, {"conversation": "c2"}, {"company": KAGOSHIMA}, {"conversation": "c2", "purpose": "d2"}],
)
def test_a_code_is_none_for_another_request_conversation_or_company(codes, elsewhere):
    codes.send()
    [code] = codes.sent()
    assert codes.check(code, **elsewhere) is None
    codes.after(minutes=2).send(**elsewhere)
    assert codes.check(code, **elsewhere) is None


def test_599_seconds_pass_and_601_fail(codes):
    codes.send()
    [code] = codes.sent()
    assert codes.after(seconds=599).check(code) == "taro"
    codes.after(seconds=120).send(purpose="d2")
    code = codes.sent()[-1]
    assert codes.after(seconds=601).check(code, purpose="d2") is None
    codes.clock.advance(seconds=-500)
    assert codes.check(code, purpose="d2") is None


def test_the_clock_set_back_keeps_a_fresh_code(codes):
    codes.send()
    codes.clock.advance(hours=-1)
    assert codes.check(codes.sent()[0]) == "taro"


class _NoLimits:
    """A store whose counters are out of order."""

    def __init__(self, store) -> None:
        self._store = store

    @contextmanager
    def transaction(self) -> Iterator:
        class Broken:
            def take(self, *args):
                raise Unavailable("no counters")

            count = take

        with self._store.transaction() as tx:
            yield replace(tx, limits=Broken())


def test_without_counters_nothing_passes(codes, sqlite_store):
    codes.send()
    [code] = codes.sent()
    codes.store = _NoLimits(sqlite_store)
    with pytest.raises(Unavailable):
        codes.check(code)
    with pytest.raises(Unavailable):
        codes.send()
    codes.store = sqlite_store
    assert len(codes.sent()) == 1


def test_another_code_only_after_the_cooldown(codes, settings):
    codes.send()
    assert codes.after(seconds=settings.code_resend_s - 1).send() is Sending.TOO_SOON
    assert codes.after(seconds=2).send() is Sending.SENT
    first, second = codes.sent()
    assert codes.check(first) is None
    assert codes.check(second) == "taro"


def test_a_person_gets_no_more_than_the_days_codes(codes, settings):
    for number in range(settings.code_sends_day + 3):
        conversation = "c1" if number % 2 else "c2"
        assert codes.after(minutes=2).send(conversation=conversation, purpose=f"d{number}") is Sending.SENT
    assert len(codes.sent()) == settings.code_sends_day


def test_a_conversation_gets_no_more_than_the_days_codes(codes, settings):
    told = [codes.after(minutes=2).send(said=f"somebody {number}") for number in range(settings.code_sends_day + 1)]
    assert told[-1] is Sending.TOO_MANY
    assert set(told[:-1]) == {Sending.SENT}


def test_a_third_code_within_the_cooldown_waits(codes, settings, clock):
    codes.send(conversation="c1")
    codes.send(conversation="c2")
    codes.send(conversation="c2", purpose="d2", said="variant")
    due = sorted((message.next_try_at - clock.now()).total_seconds() for message in codes.messages())
    assert due == [0, 0, settings.code_resend_s]


def test_nobody_costs_the_same_rows_and_no_message(codes, sqlite_store):
    assert codes.send(customer=None) is Sending.SENT
    assert codes.sent() == []
    [decoy] = codes.messages()
    assert (decoy.status, decoy.recipient) == ("sent", NOBODY)
    codes.after(days=31)
    with sqlite_store.transaction() as tx:
        assert tx.outbox.take_due(codes.clock.now(), 10, 60) == []
        assert tx.outbox.delete_sent(codes.clock.now()) == 1
    with sqlite_store.transaction() as tx:
        kept = tx.codes.latest("c1", "d1")
    assert kept.customer is None
    assert re.fullmatch("[0-9a-f]{64}", kept.digest)


def test_only_an_hmac_is_stored(codes, sqlite_store):
    codes.send()
    [code] = codes.sent()
    with sqlite_store.transaction() as tx:
        kept = tx.codes.latest("c1", "d1")
    assert code not in repr(kept)


@pytest.mark.parametrize(
    ("email", "phone", "named", "address"),
    [
        ("a@example.jp", "+819012345678", "a@example.jp", "a@example.jp"),
        ("a@example.jp", "+819012345678", "+819012345678", "+819012345678"),
        ("a@example.jp", "+81233753111", "+81233753111", "a@example.jp"),
        ("", "+819012345678", "+819012345678", "+819012345678"),
        ("", "+81233753111", "+81233753111", None),
        ("", "+818000001111", "+818000001111", "+818000001111"),
        ("", "+447400123456", "+447400123456", "+447400123456"),
        ("a@example.jp", "", "a@example.jp", "a@example.jp"),
    ],
)
def test_where_a_code_goes(email, phone, named, address):
    assert code_address(replace(TARO, email=email, phone=phone), named) == address
