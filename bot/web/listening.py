"""The socket of a web process; several share one port, and the kernel deals out the connections."""

from __future__ import annotations

import socket

from bot.errors import SettingError
from bot.settings import Settings

BACKLOG = 2048


def listen(settings: Settings) -> socket.socket:
    """Listen on WEB_HOST and WEB_PORT; raise SettingError if that can't be."""
    family = socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if settings.web_processes > 1:
        # Only where it is wanted: else a second desk on the same port would share it instead of being refused.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listening.bind((settings.web_host, settings.web_port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        place = f"{settings.web_host}:{settings.web_port}"
        raise SettingError(f"WEB_PORT={settings.web_port}: can't listen on {place} ({error.strerror})") from error
    return listening
