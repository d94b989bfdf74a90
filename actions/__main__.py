"""Start the action server on loopback: `python -m actions`."""

from __future__ import annotations

import os
import sys

from bot.errors import MadoguchiError
from bot.logging import configure_logging
from bot.settings import load_settings


def main() -> int:
    """Run until stopped; a bad setting is one line on stderr and status 1."""
    os.environ["SANIC_HOST"] = "127.0.0.1"  # Else it listens on every address.
    try:
        settings = load_settings()
        configure_logging(settings)
        from actions.desk_action import services

        services()
    except MadoguchiError as error:
        print(f"actions: {error}", file=sys.stderr)
        return 1
    from rasa_sdk import endpoint

    endpoint.run("actions", port=settings.action_port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
