"""Start a dialogue engine on loopback with the newest model: `python -m bot.engine [NUMBER]`, the first being 1."""

from __future__ import annotations

import os
import sys

from bot.engine.without_tensorflow import leave_tensorflow_out
from bot.errors import MadoguchiError
from bot.settings import ROOT, Settings, load_settings, number_of


def main() -> int:
    """Run until stopped; a missing model or a bad setting is one line on stderr and status 1."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SANIC_ACCESS_LOG"] = "false"  # Nobody reads it, but each line is put together.
    try:
        settings = load_settings()
        _serve(settings, number_of(sys.argv, settings.engine_processes, "ENGINE_PROCESSES"))
    except MadoguchiError as error:
        print(f"engine: {error}", file=sys.stderr)
        return 1
    return 0


def _serve(settings: Settings, number: int) -> None:
    from bot.understanding.model import newest_archive

    archive = newest_archive(settings.model_dir)
    # What Rasa logs at debug level is what customers wrote, so its loggers are tamed before it is imported.
    from bot.logging import configure_logging

    configure_logging(settings)
    leave_tensorflow_out()
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    from bot.engine import mends
    from bot.engine.action_servers import ActionServers

    mends.apply()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    servers = [f"{url}/webhook" for url in settings.action_urls]
    endpoints.action = ActionServers(servers, number - 1, **endpoints.action.kwargs)
    serve_application(
        str(archive),
        interface="127.0.0.1",
        port=settings.engine_port + number - 1,
        credentials=str(ROOT / "credentials.yml"),
        endpoints=endpoints,
        enable_api=False,
        response_timeout=settings.engine_timeout_s,
    )


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is stored and closed by now; to take TensorFlow apart as well costs seconds at every stop.
    os._exit(status)
