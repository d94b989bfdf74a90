"""What open chats cost one web process: `python -m bench.streams [streams]`.

The engine is scripted, so that the figures are the web front's own.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from tests.browser.desk_process import DeskProcess
from tests.ports import free_port

STREAMS = 2000
IDLE_S = 20
MESSAGES = 100


@dataclass(frozen=True)
class Figures:
    """What was measured, by itself and with the streams open."""

    streams: int
    kilobytes_a_stream: float
    cpu_idle: float
    alone_ms: list[float]
    meanwhile_ms: list[float]


async def measure(desk: DeskProcess, streams: int) -> Figures:
    """Open the streams, let them idle, and talk to the desk before and meanwhile."""
    assert desk.process
    process = psutil.Process(desk.process.pid)
    async with httpx.AsyncClient(base_url=desk.url, timeout=60, trust_env=False) as client:
        alone = await talk(client, desk.port)
        tokens = [await begin(client) for _ in range(streams)]
        before = process.memory_info().rss
        open_ones = await asyncio.gather(*(listen(desk.port, token) for token in tokens))
        for reader, _ in open_ones:
            await reader.readuntil(b": open")
        await asyncio.sleep(2)
        memory = process.memory_info().rss - before
        process.cpu_percent()
        await asyncio.sleep(IDLE_S)
        cpu = process.cpu_percent()
        meanwhile = await talk(client, desk.port)
        for _, writer in open_ones:
            writer.close()
    return Figures(streams, memory / 1024 / streams, cpu, alone, meanwhile)


async def begin(client: httpx.AsyncClient) -> str:
    """Begin a conversation; give its token."""
    answer = await client.post("/chat/conversations", json={"company": "okura"})
    return str(answer.raise_for_status().json()["token"])


async def listen(port: int, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a stream with nothing between us and the socket: 2,000 clients must not be what is measured."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET /chat/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"
    writer.write(head.encode())
    await writer.drain()
    return reader, writer


async def talk(client: httpx.AsyncClient, port: int) -> list[float]:
    """Milliseconds from sending a message to its answer's arrival by the stream, one message after the other."""
    token = await begin(client)
    taken = []
    async with messages(port, token) as arriving:
        for _ in range(MESSAGES):
            began = time.perf_counter()
            body = {"id": uuid.uuid4().hex, "text": "こんにちは"}
            await client.post("/chat/messages", json=body, headers={"Authorization": f"Bearer {token}"})
            async for author in arriving:
                if author == "bot":
                    break
            taken.append((time.perf_counter() - began) * 1000)
    return taken


@asynccontextmanager
async def messages(port: int, token: str) -> AsyncIterator[AsyncIterator[str]]:
    """The authors of a conversation's messages as they arrive."""
    reader, writer = await listen(port, token)

    async def authors() -> AsyncIterator[str]:
        while line := await reader.readline():
            if line.startswith(b"data: ") and b'"author"' in line:
                yield json.loads(line[6:])["author"]

    yield authors()
    writer.close()


def report(figures: Figures) -> str:
    """The figures as lines of a table."""

    def row(name: str, taken: list[float]) -> str:
        cuts = statistics.quantiles(taken, n=20)
        return f"| {name} | {cuts[9]:.1f} ms | {cuts[18]:.1f} ms |"

    return "\n".join(
        (
            f"{figures.streams} idle streams: {figures.kilobytes_a_stream:.1f} KB each, "
            f"{figures.cpu_idle:.1f}% of a core together",
            "",
            "| message to answer, by the stream | p50 | p95 |",
            "|---|---|---|",
            row("nobody else there", figures.alone_ms),
            row(f"with {figures.streams} streams open", figures.meanwhile_ms),
        )
    )


def measure_streams(streams: int = STREAMS) -> Figures:
    """Measure on a web process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        desk = DeskProcess(free_port(), Path(folder))
        desk.start()
        try:
            return asyncio.run(measure(desk, streams))
        finally:
            desk.kill()


def section(figures: Figures) -> str:
    """Lay the figures out as a part of docs/benchmarks.md."""
    return f"""## Open chats

One web process with a scripted engine, so that the figures are the front's own.

{report(figures)}
"""


def main() -> None:
    """Measure and print."""
    print(report(measure_streams(int(sys.argv[1]) if len(sys.argv) > 1 else STREAMS)))


if __name__ == "__main__":
    main()
