"""A closed loop over Rasa's REST channel: each client sends its next message when it has the reply to the last."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

TURNS = 10
"""Messages a conversation in the throughput runs; then the client begins another one."""


@dataclass(frozen=True)
class Target:
    """Where to send, what to send, and how to know that a reply is the real one."""

    url: str
    messages: Sequence[str]
    metadata: dict[str, Any]
    is_answer: Callable[[list[dict[str, Any]]], bool]


@dataclass
class Measured:
    """Latencies in seconds, in the order of their end, and how many replies were none."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    wrong: int = 0

    def add(self, other: Measured) -> None:
        """Take in what was measured in another stretch of time."""
        self.seconds += other.seconds
        self.latencies += other.latencies
        self.wrong += other.wrong

    @property
    def per_second(self) -> float:
        """Messages answered a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency, in seconds, that `share` of the messages stayed within."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run_clients(target: Target, clients: int, seconds: float) -> Measured:
    """Let `clients` talk for `seconds`."""
    return asyncio.run(_run_clients(target, clients, seconds))


def run_conversation(target: Target, turns: int) -> list[float]:
    """Lead one conversation and give each turn's latency."""
    return asyncio.run(_run_conversation(target, turns))


async def _run_clients(target: Target, clients: int, seconds: float) -> Measured:
    measured = Measured()
    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        await asyncio.gather(*(_talk(session, target, offset, began + seconds, measured) for offset in range(clients)))
        measured.seconds = time.perf_counter() - began
    return measured


async def _talk(session: aiohttp.ClientSession, target: Target, offset: int, until: float, measured: Measured) -> None:
    # Clients begin at different messages, so that they don't all ask the same at once.
    messages = itertools.islice(itertools.cycle(target.messages), offset, None)
    while time.perf_counter() < until:
        sender = uuid.uuid4().hex
        for text in itertools.islice(messages, TURNS):
            if time.perf_counter() >= until:
                return
            latency, replies = await _send(session, target, sender, text)
            measured.latencies.append(latency)
            measured.wrong += not target.is_answer(replies)


async def _run_conversation(target: Target, turns: int) -> list[float]:
    sender = uuid.uuid4().hex
    async with aiohttp.ClientSession() as session:
        texts = itertools.islice(itertools.cycle(target.messages), turns)
        return [(await _send(session, target, sender, text))[0] for text in texts]


async def _send(
    session: aiohttp.ClientSession, target: Target, sender: str, text: str
) -> tuple[float, list[dict[str, Any]]]:
    message = {"sender": sender, "message": text, "metadata": target.metadata}
    began = time.perf_counter()
    async with session.post(target.url, json=message) as response:
        replies = await response.json()
    return time.perf_counter() - began, replies
