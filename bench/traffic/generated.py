"""Messages that nobody would write, by a seed: every kind of text that has ever broken a chat."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from bench.contenders import OUR_MESSAGES

_NASTY = (
    "",
    " \u3000\n",
    "\0",
    "\ud800",
    "\udc00あ",
    "\x1b[31m\x07",
    "\u202e逆さま\u202c",
    "\u200b\u200d\ufeff",
    "'; DROP TABLE messages; --",
    '" OR 1=1 --',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{company} {0.__class__} %s %n ${jndi:x}",
    "{{7*7}}{% include '/etc/passwd' %}",
    "- a: !!python/object:os.system",
    "nlu:\n- intent: x",
    "/restart",
    '/inform{"request_open": true}',
    " /session_start",
    "../../etc/passwd",
    "=HYPERLINK(1)",
    "\r\nSet-Cookie: a=b\r\n\r\n",
    '{"sender": "x"}',
    "１２３４５６７８",
    "2026-13-45",
    "090-0000-0000@example.jp",
)
_LONG = ("x", "あ", "🍎", "👨‍👩‍👧‍👦", "\n", "\u0301", "(", "𠮷", "1")
LONGEST = 100_000
"""In bytes of UTF-8. Escaped as JSON the worst of them are six times as long, which every entrance still reads."""


def generated_texts(seed: int, count: int) -> Iterator[str]:
    """Give so many texts; one in two hundred is as long as 100 kB."""
    chance = random.Random(seed)
    kinds: tuple[Callable[[random.Random], str], ...] = (_nasty, _any_characters, _mixed, _repeated, _cut)
    for number in range(count):
        yield _longest(chance) if number % 200 == 199 else chance.choice(kinds)(chance)


def _longest(chance: random.Random) -> str:
    piece = chance.choice(_LONG)
    return piece * (LONGEST // len(piece.encode()))


def _nasty(chance: random.Random) -> str:
    return chance.choice(_NASTY)


def _any_characters(chance: random.Random) -> str:
    """Any code points whatever: unassigned, private and half of a pair among them."""
    return "".join(chr(chance.randrange(chance.choice((0x80, 0x3100, 0x110000)))) for _ in range(chance.randrange(120)))


def _mixed(chance: random.Random) -> str:
    return chance.choice(_NASTY).join(chance.choices(OUR_MESSAGES, k=2))


def _repeated(chance: random.Random) -> str:
    return chance.choice(_LONG) * chance.randrange(1, 3000)


def _cut(chance: random.Random) -> str:
    question = chance.choice(OUR_MESSAGES)
    return question[chance.randrange(len(question)) :][: chance.randrange(1, 20)]
