"""The processes a desk consists of: how each is started and how it is known to answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from bot.settings import Settings

_ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, never bound to


@dataclass(frozen=True)
class Port:
    """A TCP port that a part listens on, and the setting that moves it."""

    setting: str
    host: str
    number: int


@dataclass(frozen=True)
class Part:
    """One process: a module with its arguments; without `health`, an address, it is up once it keeps running."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    port: Port | None = None
    health: str | None = None


def parts_of(settings: Settings) -> tuple[Part, ...]:
    """List the parts, the one that takes longest to start first."""
    return (_engine(settings), _actions(settings), _web(settings), Part("worker", "bot.cli", ("work",)))


def _engine(settings: Settings) -> Part:
    port = Port("ENGINE_PORT", "127.0.0.1", settings.engine_port)
    return Part("engine", "bot.engine", port=port, health=f"{settings.engine_url}/")


def _actions(settings: Settings) -> Part:
    port = Port("ACTION_PORT", "127.0.0.1", settings.action_port)
    return Part("actions", "actions", port=port, health=f"http://127.0.0.1:{settings.action_port}/health")


def _web(settings: Settings) -> Part:
    port = Port("WEB_PORT", settings.web_host, settings.web_port)
    return Part("web", "bot.web", port=port, health=f"{web_address(settings)}/healthz")


def web_address(settings: Settings) -> str:
    """The web front's address as seen from this machine, whatever address it listens on."""
    host = "127.0.0.1" if settings.web_host in _ANY_ADDRESS else settings.web_host
    return f"http://{host}:{settings.web_port}"


def environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Add to the environment what the libraries below need to be quiet, private and quick."""
    ours = {
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_HOST": "127.0.0.1",  # rasa_sdk listens on every address otherwise.
        "PYTHONUNBUFFERED": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # A message is too small a piece of work to be shared between cores: the threads only wait for each other.
        "OMP_NUM_THREADS": environ.get("OMP_NUM_THREADS", "1"),
    }
    if "LOG_LEVEL" in environ:
        ours["LOG_LEVEL"] = environ["LOG_LEVEL"].upper()  # Rasa reads it too, in capitals only.
    return {**environ, **ours}


def interpreter() -> str:
    """The Python that runs now, which is the one of the locked environment."""
    return sys.executable
