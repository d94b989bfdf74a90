"""A part died while a child of its own still holds its output open; circus closes the pipe and starts the next part."""

from __future__ import annotations

import os
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, BinaryIO

from circus.stream.redirector import Redirector
from tornado.ioloop import IOLoop

from bot.supervisor.supervising import _let_go_of_pipes

DEAD, NEXT = 7, 8


@dataclass
class Part:
    """As circus knows a process: its output alone is piped."""

    pid: int
    stdout: BinaryIO
    held: int
    pipe_stdout: bool = True
    pipe_stderr: bool = False
    redirected: bool = False


def part(pid: int) -> Part:
    ours, held = os.pipe()
    return Part(pid, os.fdopen(ours, "rb", buffering=0), held)


async def test_the_number_of_a_dead_parts_pipe_is_free_for_the_next_part() -> None:
    heard: list[Any] = []
    of_dead, of_next = (Redirector(heard.append, heard.append, loop=IOLoop.current()) for _ in range(2))
    of_dead.start()
    of_next.start()
    dead = part(DEAD)
    of_dead.add_redirections(dead)
    os.write(dead.held, b"last words")
    number = dead.stdout.fileno()

    _let_go_of_pipes(SimpleNamespace(processes={DEAD: dead}, stream_redirector=of_dead), DEAD)
    dead.stdout.close()

    following = part(NEXT)
    if following.stdout.fileno() != number:
        os.dup2(following.stdout.fileno(), number)
        following.stdout = os.fdopen(number, "rb", buffering=0)
    of_next.add_redirections(following)
    assert heard == [{"data": b"last words", "pid": DEAD, "name": "stdout"}]
    for redirector in (of_dead, of_next):
        redirector.stop()
    for held in (dead.held, following.held):
        os.close(held)
