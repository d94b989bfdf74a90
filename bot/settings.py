"""Settings, read once from the environment (and `.env`); a bad value stops the start with its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from bot.errors import SettingError
from bot.secret_key import kept_key

ROOT = Path(__file__).resolve().parent.parent


def _text(value: str) -> str:
    return value


def _number(value: str) -> int:
    number = int(value)
    if number < 0:
        raise ValueError("must not be negative")
    return number


def _port(value: str) -> int:
    number = int(value)
    if not 0 < number < 65536:
        raise ValueError("must be between 1 and 65535")
    return number


def _count(value: str) -> int:
    number = int(value)
    if not 0 < number < 100:
        raise ValueError("must be between 1 and 99")
    return number


def _environment(value: str) -> str:
    if value not in ("development", "production"):
        raise ValueError("must be development or production")
    return value


def _level(value: str) -> str:
    if value.lower() not in ("info", "warning", "error"):
        raise ValueError("must be info, warning or error")
    return value.lower()


def _second_factor(value: str) -> str:
    if value not in ("required", "optional"):
        raise ValueError("must be required or optional")
    return value


def _path(value: str) -> Path:
    return Path(value) if os.path.isabs(value) else ROOT / value


def _setting(name: str, default: Any, read: Callable[[str], Any], meaning: str) -> Any:
    return field(default=default, metadata={"name": name, "read": read, "meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """Everything that an operator can set; `.env.example` lists the same names, defaults and meanings."""

    environment: str = _setting("MADOGUCHI_ENV", "development", _environment, "development or production")
    var_dir: Path = _setting(
        "VAR_DIR", ROOT / "var", _path, "folder for the SQLite file, outbox, models, logs, backups"
    )
    company_dir: Path = _setting("COMPANY_DIR", ROOT / "data" / "policies", _path, "folder with one folder a company")
    model_dir: Path = _setting("MODEL_DIR", ROOT / "models", _path, "folder of trained models")
    secret_key: str = _setting("SECRET_KEY", "", _text, "root of all keys; generated on the first development start")
    database_url: str = _setting("DATABASE_URL", "", _text, "SQLAlchemy URL; empty: SQLite in VAR_DIR")
    redis_url: str = _setting("REDIS_URL", "", _text, "Redis for several processes; empty: none needed")
    web_host: str = _setting("WEB_HOST", "127.0.0.1", _text, "address of the public web front")
    web_port: int = _setting("WEB_PORT", 8000, _port, "port of the public web front")
    public_url: str = _setting(
        "PUBLIC_URL", "", _text, "address by which customers reach the web front; empty: host and port"
    )
    engine_port: int = _setting("ENGINE_PORT", 5005, _port, "port of the dialogue engine on loopback")
    action_port: int = _setting("ACTION_PORT", 5055, _port, "port of the action server on loopback")
    web_processes: int = _setting(
        "WEB_PROCESSES", 1, _count, "web processes on WEB_PORT; more than one needs REDIS_URL"
    )
    engine_processes: int = _setting("ENGINE_PROCESSES", 1, _count, "engines, on ENGINE_PORT and the ports after it")
    action_processes: int = _setting(
        "ACTION_PROCESSES", 1, _count, "action servers, on ACTION_PORT and the ports after it"
    )
    engine_queue: int = _setting(
        "ENGINE_QUEUE", 200, _number, "messages of a web process that may wait for an engine; more are put off"
    )
    engine_timeout_s: int = _setting("ENGINE_TIMEOUT_S", 20, _number, "seconds to wait for the dialogue engine")
    smtp_url: str = _setting(
        "SMTP_URL", "", _text, "smtp://user:pass@host:587 or smtps://…; empty: .eml files in VAR_DIR/outbox"
    )
    mail_from: str = _setting("MAIL_FROM", "madoguchi@localhost", _text, "sender address of e-mails")
    twilio_account_sid: str = _setting(
        "TWILIO_ACCOUNT_SID", "", _text, "SMS through Twilio; empty: .txt files in VAR_DIR/outbox"
    )
    twilio_auth_token: str = _setting("TWILIO_AUTH_TOKEN", "", _text, "SMS through Twilio")
    twilio_from: str = _setting("TWILIO_FROM", "", _text, "SMS sender number, E.164")
    line_api_base: str = _setting(
        "LINE_API_BASE", "https://api.line.me", _text, "LINE API address, another one for tests"
    )
    log_level: str = _setting("LOG_LEVEL", "info", _level, "info, warning or error")
    metrics_token: str = _setting("METRICS_TOKEN", "", _text, "bearer token for /metrics from other than loopback")
    code_minutes: int = _setting("CODE_MINUTES", 10, _number, "minutes a one-time code is valid")
    code_attempts: int = _setting("CODE_ATTEMPTS", 5, _number, "attempts a code")
    code_attempts_day: int = _setting("CODE_ATTEMPTS_DAY", 10, _number, "attempts a person and a sender per day")
    code_attempts_company_day: int = _setting(
        "CODE_ATTEMPTS_COMPANY_DAY", 500, _number, "failed attempts a company per day"
    )
    code_resend_s: int = _setting("CODE_RESEND_S", 60, _number, "seconds before another code may be sent")
    code_sends_day: int = _setting("CODE_SENDS_DAY", 5, _number, "codes a person per day")
    verified_minutes: int = _setting("VERIFIED_MINUTES", 30, _number, "minutes a verification lasts in a conversation")
    handoff_raise_minutes: int = _setting(
        "HANDOFF_RAISE_MINUTES", 10, _number, "minutes of opening hours a customer waits before staff are reminded"
    )
    contact_hold_days: int = _setting("CONTACT_HOLD_DAYS", 7, _number, "days a changed contact holds disclosure back")
    messages_minute: int = _setting("MESSAGES_MINUTE", 30, _number, "messages a conversation per minute")
    conversations_hour: int = _setting("CONVERSATIONS_HOUR", 60, _number, "new conversations an address per hour")
    message_characters: int = _setting("MESSAGE_CHARACTERS", 2000, _number, "longest message that is worked on")
    machine_calls_minute: int = _setting(
        "MACHINE_CALLS_MINUTE", 600, _number, "calls of the API for help desks a key per minute"
    )
    webhook_private_hosts: str = _setting(
        "WEBHOOK_PRIVATE_HOSTS", "", _text, "hosts, by comma, that webhooks may reach in private networks or in clear"
    )
    staff_totp: str = _setting(
        "STAFF_TOTP", "", _second_factor, "second factor of staff: required or optional; empty: required in production"
    )
    staff_failures: int = _setting("STAFF_FAILURES", 10, _number, "failed sign-ins of an account before it is locked")
    staff_lock_minutes: int = _setting("STAFF_LOCK_MINUTES", 15, _number, "minutes an account is locked")
    staff_idle_minutes: int = _setting("STAFF_IDLE_MINUTES", 30, _number, "minutes until an idle session of staff ends")
    staff_session_hours: int = _setting("STAFF_SESSION_HOURS", 12, _number, "hours until any session of staff ends")
    staff_invitation_hours: int = _setting("STAFF_INVITATION_HOURS", 72, _number, "hours an invitation of staff holds")
    conversation_days: int = _setting("CONVERSATION_DAYS", 90, _number, "days an idle conversation is kept")
    image_megabytes: int = _setting("IMAGE_MEGABYTES", 10, _number, "largest picture that is taken for staff, in MB")
    image_days: int = _setting("IMAGE_DAYS", 30, _number, "days a customer's picture is kept")
    draft_days: int = _setting("DRAFT_DAYS", 7, _number, "days an unfinished request form is kept")
    tracker_hours: int = _setting(
        "TRACKER_HOURS", 24, _number, "hours the engine's state of an idle conversation is kept"
    )
    request_days: int = _setting("REQUEST_DAYS", 1095, _number, "days a finished request is kept")
    unproven_days: int = _setting(
        "UNPROVEN_DAYS", 30, _number, "days past its due date a request of a person who proved nothing stays open"
    )
    unanswered_days: int = _setting("UNANSWERED_DAYS", 180, _number, "days an unanswered question is kept, masked")
    outbox_days: int = _setting("OUTBOX_DAYS", 30, _number, "days a delivered message's row is kept")
    erasure_days: int = _setting(
        "ERASURE_DAYS", 7, _number, "days the conversation stays in which a person was told of their erasure"
    )
    document_hours: int = _setting("DOCUMENT_HOURS", 72, _number, "hours a link to a disclosed record can be used")
    outbox_tries: int = _setting("OUTBOX_TRIES", 8, _number, "tries before a message becomes a dead letter")

    @property
    def production(self) -> bool:
        """Whether the desk serves real customers."""
        return self.environment == "production"

    @property
    def second_factor_required(self) -> bool:
        """Whether staff must set up a second factor before anything else."""
        return self.staff_totp == "required" or (self.production and not self.staff_totp)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.var_dir / 'madoguchi.db'}"

    @property
    def base_url(self) -> str:
        """The address customers use, without a trailing slash."""
        return (self.public_url or f"http://{self.web_host}:{self.web_port}").rstrip("/")

    @property
    def engine_url(self) -> str:
        """The first dialogue engine's address on loopback."""
        return self.engine_urls[0]

    @property
    def engine_urls(self) -> tuple[str, ...]:
        """The dialogue engines' addresses."""
        return tuple(f"http://127.0.0.1:{self.engine_port + number}" for number in range(self.engine_processes))

    @property
    def action_urls(self) -> tuple[str, ...]:
        """The action servers' addresses."""
        return tuple(f"http://127.0.0.1:{self.action_port + number}" for number in range(self.action_processes))


@dataclass(frozen=True)
class LineCredentials:
    """What LINE gives out for one company's account: it signs webhooks by the first, we call it with the second."""

    channel_secret: str = field(repr=False)
    channel_access_token: str = field(repr=False)


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise SettingError that names the variable and the mend."""
    values = _values(environ)
    read = {item.name: _read(item.metadata, values) for item in fields(Settings)}
    given = {name: value for name, value in read.items() if value is not None}
    settings = Settings(**given)
    _check_processes(settings)
    return settings if settings.secret_key else _with_secret_key(settings)


def number_of(arguments: Sequence[str], count: int, setting: str) -> int:
    """Read which of several processes of a kind this one is, from its command line; without a word the first, 1."""
    given = arguments[1] if len(arguments) > 1 else "1"
    if not given.isdecimal() or not 0 < int(given) <= count:
        raise SettingError(f"{setting}={count}: there is no number {given}; processes are counted from 1")
    return int(given)


def load_line_credentials(company: str, environ: Mapping[str, str] | None = None) -> LineCredentials | None:
    """Read LINE_<COMPANY>_CHANNEL_SECRET and …_ACCESS_TOKEN; None without them, SettingError for one alone."""
    values, names = _values(environ), line_variables(company)
    given = [(values.get(name) or "").strip() for name in names]
    if not any(given):
        return None
    for name, value in zip(names, given, strict=True):
        if not value:
            raise SettingError(f"{name} is missing: a LINE account needs {' and '.join(names)}")
    return LineCredentials(*given)


def line_variables(company: str) -> tuple[str, str]:
    """Name the variables of a company's LINE account: its channel secret and its channel access token."""
    prefix = f"LINE_{company.upper().replace('-', '_')}_CHANNEL"
    return f"{prefix}_SECRET", f"{prefix}_ACCESS_TOKEN"


def _values(environ: Mapping[str, str] | None) -> dict[str, str | None]:
    """The environment over `.env`; a mapping that is given stands for both."""
    if environ is not None:
        return dict(environ)
    return {**dotenv_values(ROOT / ".env"), **os.environ}


def _read(metadata: Mapping[str, Any], values: Mapping[str, str | None]) -> Any:
    raw = values.get(metadata["name"])
    if raw is None or raw.strip() == "":
        return None
    try:
        return metadata["read"](raw.strip())
    except ValueError as error:
        raise SettingError(f"{metadata['name']}={raw!r}: {error} ({metadata['meaning']})") from error


def _check_processes(settings: Settings) -> None:
    """Raise SettingError for processes that would not hear each other, or would take each other's port."""
    if settings.web_processes > 1 and not settings.redis_url:
        raise SettingError(
            f"WEB_PROCESSES={settings.web_processes} needs REDIS_URL (redis://HOST:PORT/0): by it web processes tell "
            "each other what is new in a conversation"
        )
    ports: dict[int, str] = {}
    for name, first, count in (
        ("WEB_PORT", settings.web_port, 1),
        ("ENGINE_PORT", settings.engine_port, settings.engine_processes),
        ("ACTION_PORT", settings.action_port, settings.action_processes),
    ):
        for port in range(first, first + count):
            other = ports.setdefault(port, name)
            if other != name:
                raise SettingError(
                    f"{name}={first} with {count} processes takes port {port}, which {other} has already"
                )


def _with_secret_key(settings: Settings) -> Settings:
    if settings.production:
        raise SettingError(
            "SECRET_KEY is required when MADOGUCHI_ENV=production: set 32 random bytes, e.g. `openssl rand -hex 32`"
        )
    return replace(settings, secret_key=kept_key(settings.var_dir))
