"""Start an action server on loopback: `python -m actions [NUMBER]`, the first being 1."""

from __future__ import annotations

import os
import sys

from bot.errors import MadoguchiError
from bot.logging import configure_logging
from bot.settings import load_settings, number_of


def main() -> int:
    """Run until stopped; a bad setting is one line on stderr and status 1."""
    os.environ["SANIC_HOST"] = "127.0.0.1"  # Else it listens on every address.
    os.environ["SANIC_ACCESS_LOG"] = "false"  # Nobody reads it, but each line is put together.
    try:
        settings = load_settings()
        number = number_of(sys.argv, settings.action_processes, "ACTION_PROCESSES")
        configure_logging(settings)
        from actions.desk_action import services

        services()
    except MadoguchiError as error:
        print(f"actions: {error}", file=sys.stderr)
        return 1
    from rasa_sdk import endpoint

    endpoint.run("actions", port=settings.action_port + number - 1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
