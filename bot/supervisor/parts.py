"""The processes a desk consists of: how each is started and how it is known to answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which prometheus_client adds up several processes' figures."""
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
    environ: tuple[tuple[str, str], ...] = ()


def parts_of(settings: Settings) -> tuple[Part, ...]:
    """List the parts, those that take longest to start first."""
    return (
        *(_engine(settings, number) for number in range(settings.engine_processes)),
        *(_actions(settings, number) for number in range(settings.action_processes)),
        *(_web(settings, number) for number in range(settings.web_processes)),
        Part("worker", "bot.cli", ("work",)),
    )


def _engine(settings: Settings, number: int) -> Part:
    port = Port("ENGINE_PORT", "127.0.0.1", settings.engine_port + number)
    health = f"{settings.engine_urls[number]}/"
    return Part(_name("engine", number), "bot.engine", (str(number + 1),), port, health)


def _actions(settings: Settings, number: int) -> Part:
    port = Port("ACTION_PORT", "127.0.0.1", settings.action_port + number)
    health = f"{settings.action_urls[number]}/health"
    return Part(_name("actions", number), "actions", (str(number + 1),), port, health)


def _web(settings: Settings, number: int) -> Part:
    # All web processes listen on one port, so which of them answers can't be chosen: the first one's health is theirs.
    port = Port("WEB_PORT", settings.web_host, settings.web_port) if number == 0 else None
    health = f"{web_address(settings)}/healthz" if number == 0 else None
    environ = () if settings.web_processes == 1 else ((METRICS_FOLDER, str(metrics_folder(settings))),)
    return Part(_name("web", number), "bot.web", port=port, health=health, environ=environ)


def _name(kind: str, number: int) -> str:
    return f"{kind}-{number + 1}" if number else kind


def metrics_folder(settings: Settings) -> Path:
    """Where several web processes keep their figures, so that any of them can tell those of all."""
    return settings.var_dir / "metrics"


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
