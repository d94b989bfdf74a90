"""Fixtures that more than one part of the suite stands on."""

from __future__ import annotations

import io
import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import hypothesis
import psutil
import pytest
import structlog

from bot.logging import configure_logging
from bot.settings import Settings
from bot.storage.erasures import ErasureLog
from bot.storage.migrate import migrate
from bot.storage.store import SqlStore
from bot.storage.tables import metadata
from bot.storage.vault import Vault

pytest_plugins = ["tests.left_out", "tests.real_desk"]

# How long an example takes says more of the machine than of us.
hypothesis.settings.register_profile(
    "any-machine",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    # What lands is not a matter of luck: new examples are drawn wherever somebody is there to mend what they find.
    derandomize=os.environ.get("CI") == "true",
)
hypothesis.settings.load_profile("any-machine")

SECRET = "a secret key for tests, of 32 characters and more"


class FixedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def advance(self, **time_passed: float) -> datetime:
        """Move on (or back): `advance(minutes=10)`."""
        self.moment += timedelta(**time_passed)
        return self.moment


@pytest.fixture
def clock() -> FixedClock:
    """Ten in the morning of a Tuesday in Japan."""
    return FixedClock(datetime(2026, 6, 2, 1, 0, tzinfo=timezone.utc))


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(SECRET)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Path:
    """An SQLite file with the schema and a data key, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "desk.db"
    migrate(f"sqlite:///{file}")
    store = SqlStore(f"sqlite:///{file}", vault, FixedClock(datetime(2026, 1, 1, tzinfo=timezone.utc)))
    store.prepare()
    store.close()
    return file


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'desk.db')}"


@pytest.fixture
def sqlite_store(sqlite_url: str, vault: Vault, clock: FixedClock, tmp_path: Path) -> Iterator[SqlStore]:
    """A fresh store on SQLite; its log of erasures is `tmp_path / "erasures.log"`."""
    store = SqlStore(sqlite_url, vault, clock, ErasureLog(tmp_path / "erasures.log"))
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real PostgreSQL, one for the whole run."""
    pgserver = pytest.importorskip("pgserver")
    # Not in pytest's folder: run by root, the server is another user's, whom pytest keeps out of it.
    folder = tempfile.mkdtemp(prefix="madoguchi-postgres-")
    server = pgserver.get_server(folder, cleanup_mode=None)
    # What a power cut would do to it is no question here, and the disk is what takes the time.
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg2://")
    _stop(server.get_pid())
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    migrate(postgres_server)
    return postgres_server


@pytest.fixture
def postgres_url(migrated_postgres: str, vault: Vault, clock: FixedClock) -> str:
    """A PostgreSQL database with the schema, a data key and nothing else."""
    store = SqlStore(migrated_postgres, vault, clock)
    with store.session() as session:
        for table in reversed(metadata.sorted_tables):
            session.connection.execute(table.delete())
    store.prepare()
    store.close()
    return migrated_postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(database_url: str, vault: Vault, clock: FixedClock, tmp_path: Path) -> Iterator[SqlStore]:
    """A fresh store on each kind of database."""
    store = SqlStore(database_url, vault, clock, ErasureLog(tmp_path / "erasures.log"))
    yield store
    store.close()


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """Logging as in a running process, into memory; what pytest had set up comes back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging(Settings(secret_key="x"), stream)
    yield stream
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


def _stop(pid: int) -> None:
    """Stop the server that this run started, which pgserver leaves running when its parent is ended by a signal.

    At once and without a last checkpoint: nothing of it is needed again.
    """
    server = psutil.Process(pid)
    server.send_signal(signal.SIGQUIT)
    server.wait(timeout=20)
