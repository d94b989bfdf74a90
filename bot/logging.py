"""Logs as JSON lines without personal data: what isn't known to be harmless is left out or blacked out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

from bot.settings import Settings

Event = MutableMapping[str, Any]

KNOWN_KEYS = frozenset(
    {
        "event",
        "level",
        "logger",
        "timestamp",
        "exception",
        "company",
        "conversation",
        "count",
        "duration_ms",
        "error",
        "kind",
        "message_id",
        "method",
        "part",
        "request_id",
        "route",
        "status",
        "tries",
    }
)
"""What a log line may tell beside its event; any other key is dropped."""

_OURS = ("bot", "actions")
_MARK = "…"
_PERSONAL = re.compile(
    r"[^\x00-\x7f]+"  # Our logs are English: whatever else there is, a customer wrote.
    r"|[\w.+-]+@[\w.-]+"
    r"|(?<![\w.:-])\+?\d[\d\- ().]{5,}\d(?![\w:])"  # Phone numbers, codes, card numbers.
    r"|'[^'\n]{2,}'|\"[^\"\n]{2,}\""
)
_UNTOUCHED = frozenset({"timestamp", "level", "logger", "exception", "conversation", "request_id", "message_id"})


def configure_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's logging to one stream; before Rasa is imported."""
    level: int = logging.getLevelName(settings.log_level.upper())
    target = stream or sys.stderr
    handler = logging.StreamHandler(target)
    handler.setFormatter(_JsonLines())
    # Libraries tell at lower levels what customers wrote.
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    # What libraries warn of is for who develops, not for who operates; filters don't hold, for Rasa sets its own.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, *_PROCESSORS],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(target),
        cache_logger_on_first_use=False,
    )


def keep_known(_logger: Any, _method: str, event: Event) -> Event:
    """Drop every key that isn't known to be harmless."""
    return {key: value for key, value in event.items() if key in KNOWN_KEYS}


def black_out(_logger: Any, _method: str, event: Event) -> Event:
    """Black out in texts what may be personal: quoted values, addresses, numbers, anything but ASCII."""
    return {
        key: _PERSONAL.sub(_MARK, value) if isinstance(value, str) and key not in _UNTOUCHED else value
        for key, value in event.items()
    }


def name_exception(_logger: Any, _method: str, event: Event) -> Event:
    """Replace an exception by its type and where it came from: its text may quote a customer."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if isinstance(error, tuple) and error[0] is not None:
        event["exception"] = [error[0].__name__, *_places(error[2])]
    return event


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places


_PROCESSORS: list[Callable[[Any, str, Event], Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    name_exception,
    keep_known,
    black_out,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]


class _JsonLines(logging.Formatter):
    """Give a standard library record the same way; its arguments stay out, for they are what may be personal."""

    def format(self, record: logging.LogRecord) -> str:
        """Make one line of a record."""
        own = record.name.split(".")[0] in _OURS
        text = record.getMessage() if own else str(record.msg)
        event: Any = {"event": text, "logger": record.name, "level": record.levelname.lower()}
        if record.exc_info:
            event["exc_info"] = record.exc_info
        for process in _PROCESSORS:
            event = process(None, record.levelname.lower(), event)
        return str(event)
