"""From a checked-out project to a running desk, saying each step."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable

from bot.settings import Settings
from bot.supervisor.parts import metrics_folder, parts_of, web_address
from bot.supervisor.preflight import check_before_start, redis_state
from bot.supervisor.supervising import Supervisor
from bot.supervisor.training import current_model, train

Say = Callable[[str], None]


def start(settings: Settings, companies: dict[str, str], prepare_database: Callable[[], str], say: Say) -> None:
    """Check, train if needed, prepare the database, start every part, and return when all have been stopped.

    `companies` gives the name of each company id.
    """
    began = time.monotonic()
    parts = parts_of(settings)
    say(f"Madoguchi ({settings.environment}): {', '.join(companies)}")
    check_before_start(settings, parts)
    say(f"  model: {ensure_model(settings, say)}")
    say(f"  database: {prepare_database()}")
    if settings.redis_url:
        say(f"  redis: {redis_state(settings.redis_url)}")
    say(f"  starting {', '.join(part.name for part in parts)} …")

    def ready() -> None:
        say(f"Ready after {time.monotonic() - began:.0f} s.")
        for line in addresses(settings, companies):
            say(f"  {line}")
        say("Stop it with Ctrl-C.")

    # Figures of processes that ended with an earlier start are nobody's.
    shutil.rmtree(metrics_folder(settings), ignore_errors=True)
    metrics_folder(settings).mkdir(parents=True)
    Supervisor(settings, parts, say).run(ready)
    say("Stopped.")


def ensure_model(settings: Settings, say: Say, *, force: bool = False) -> str:
    """Train unless the model matches the data; tell which it was."""
    if not force and (model := current_model(settings)):
        return f"{model.name} matches the data"
    say("  training the understanding, a minute or two …")
    log = settings.var_dir / "logs" / "train.log"
    model = train(settings, log, lambda seconds: say(f"  training … {seconds} s"), force=force)
    return f"{model.name}, trained just now"


def addresses(settings: Settings, companies: dict[str, str]) -> list[str]:
    """Say where everything is."""
    web = web_address(settings)
    # The demo pages are a pretend company's: there are none in production.
    demo = {} if settings.production else companies
    lines = [f"chat of {name}: {web}/demo/{company}" for company, name in demo.items()]
    if settings.base_url != web:
        lines.append(f"public address: {settings.base_url}")
    return [
        *lines,
        f"staff: {settings.base_url}/staff (the first of a company: madoguchi staff add --help)",
        f"REST channel, on this machine only: {settings.engine_url}/webhooks/rest/webhook",
        f"health: {web}/readyz",
        f"mail and SMS: {settings.smtp_url.rpartition('@')[2] or settings.var_dir / 'outbox'}",
        f"logs: {settings.var_dir / 'logs'}",
    ]
