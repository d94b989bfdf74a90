"""Ports for what a test starts: none of those that the kernel gives to outgoing connections.

Between choosing a port and listening on it a desk loads its packages for seconds, and meanwhile clients connect.
"""

from __future__ import annotations

import random
import socket
from contextlib import suppress

BELOW_THE_KERNELS = range(20_000, 32_000)
"""Linux deals out 32768 to 60999, others from 49152 on."""
_chance = random.SystemRandom()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now."""
    sockets: list[socket.socket] = []
    for port in _chance.sample(BELOW_THE_KERNELS, len(BELOW_THE_KERNELS)):
        if len(sockets) == count:
            break
        probe = socket.socket()
        with suppress(OSError):
            probe.bind(("127.0.0.1", port))
            sockets.append(probe)
    found = [probe.getsockname()[1] for probe in sockets]
    for probe in sockets:
        probe.close()
    assert len(found) == count, "no port is free"
    return found


def free_port() -> int:
    """A port that nobody listens on just now."""
    return free_ports(1)[0]
