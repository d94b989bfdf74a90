"""The operator's command `madoguchi`: one module a noun, and the one place where errors become a line and a status."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import structlog
import typer

from bot.cli import (
    audit,
    companies,
    customers,
    database,
    desk,
    handoffs,
    keys,
    line,
    machines,
    outbox,
    policy,
    requests,
    retention,
    staff,
    suppressions,
    unanswered,
)
from bot.errors import MadoguchiError
from bot.logging import configure_logging
from bot.settings import Settings

FAILURE = 1
INTERRUPTED = 130

app = typer.Typer(
    name="madoguchi",
    help="Run and look after a privacy desk for Japanese companies.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for noun, commands in {
    "companies": companies.app,
    "policy": policy.app,
    "customers": customers.app,
    "requests": requests.app,
    "suppressions": suppressions.app,
    "handoffs": handoffs.app,
    "outbox": outbox.app,
    "line": line.app,
    "machines": machines.app,
    "staff": staff.app,
    "audit": audit.app,
    "keys": keys.app,
    "retention": retention.app,
}.items():
    app.add_typer(commands, name=noun, no_args_is_help=False)
for several in (desk.app, database.app, unanswered.app):
    app.add_typer(several)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 is success, 1 a failure, 2 a wrong use, each of these with one line on stderr."""
    configure_logging(Settings())  # Until the settings are read: an error in them must not be told with its values.
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = app(given or ["--help"], prog_name="madoguchi", standalone_mode=False)
    except typer.TyperException as error:
        # What stands before a refused choice is the checking library's word, and tells an operator nothing.
        return _tell(error.format_message().replace("Value error, ", ""), error.exit_code)
    except MadoguchiError as error:
        return _tell(str(error), FAILURE)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as error:
        structlog.get_logger(__name__).error("cli.failed", exc_info=error)
        return _tell(f"an error in Madoguchi itself ({type(error).__name__}); please report it", FAILURE)
    return status if isinstance(status, int) else 0


def _tell(text: str, status: int) -> int:
    sys.stderr.write(f"madoguchi: {' '.join(text.split())}\n")
    return status
