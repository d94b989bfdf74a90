"""What must hold before anything is started; each failure is one line that names the thing and the mend."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Sequence
from pathlib import Path

from bot.errors import MadoguchiError, SettingError
from bot.settings import ROOT, Settings
from bot.supervisor.parts import Part, Port

REQUIRED_FILES = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml")
REQUIRED_FOLDERS = ("data/nlu", "data/rules", "data/responses/ja")


class PortTaken(MadoguchiError):
    """Another program listens on a port that the desk needs."""


class FileMissing(MadoguchiError):
    """A file that belongs to the project is gone."""


def check_before_start(settings: Settings, parts: Sequence[Part], root: Path = ROOT) -> None:
    """Raise the first thing that would keep the desk from starting."""
    _check_files(root)
    _check_companies(settings.company_dir)
    _check_writable(settings.var_dir)
    for part in parts:
        if part.port:
            _check_free(part.port)


def redis_state(url: str) -> str:
    """Tell whether Redis answers; raise SettingError for what can't be its address. The desk goes on without it."""
    # Imported here: most desks have none.
    from bot.delivery.redis_notifier import answers

    place = url.rpartition("@")[2]
    if answers(url):
        return f"{place} answers"
    return f"nobody answers at {place} (REDIS_URL); until it does, open chats ask the database every second"


def _check_files(root: Path) -> None:
    for name in REQUIRED_FILES:
        if not (root / name).is_file():
            raise FileMissing(f"{name} is missing: get it back with `git checkout -- {name}`")
    for name in REQUIRED_FOLDERS:
        if not any((root / name).glob("**/*.yml")):
            raise FileMissing(f"{name} holds no .yml file: get it back with `git checkout -- {name}`")


def _check_companies(folder: Path) -> None:
    if not any(folder.glob("*/company.yml")):
        raise SettingError(
            f"COMPANY_DIR={folder}: no company there; a company is a folder with policy.md and company.yml"
        )


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"VAR_DIR={folder}: can't be made ({error.strerror}); set VAR_DIR to another") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingError(f"VAR_DIR={folder}: can't be written to; mend its owner or set VAR_DIR to another folder")


def _check_free(port: Port) -> None:
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do it: a port that only waits for its last packets to die out is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
        except OSError as error:
            raise _port_error(port, error) from error


def _port_error(port: Port, error: OSError) -> MadoguchiError:
    if error.errno == errno.EADDRINUSE:
        return PortTaken(
            f"{port.setting}={port.number}: another program listens on {port.host}:{port.number}; "
            f"stop it, or choose another port: make run {port.setting}={_another(port.number)}"
        )
    return SettingError(f"{port.setting}={port.number}: can't listen on {port.host} ({error.strerror})")


def _another(port: int) -> int:
    return port + 10 if port + 10 < 65536 else port - 10
