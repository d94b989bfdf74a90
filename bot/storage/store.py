"""The store: one database behind all ports, one transaction at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import text

from bot.services.ports import Clock, Transaction
from bot.storage.audit import SqlAudit
from bot.storage.codes import SqlCodes
from bot.storage.company_settings import SqlCannedAnswers, SqlCompanySettings
from bot.storage.conversations import SqlConversations
from bot.storage.customers import SqlCustomers
from bot.storage.database import WAIT_S, Database
from bot.storage.desk_work import SqlCaseAlerts, SqlNotes, SqlPresences, SqlRequestLookup
from bot.storage.drafts import SqlDrafts
from bot.storage.engine_states import SqlEngineStates
from bot.storage.erasures import ErasureLog
from bot.storage.figures import SqlFigures
from bot.storage.handoffs import SqlHandoffs
from bot.storage.keyring import Keyring
from bot.storage.limits import SqlLimits
from bot.storage.machines import SqlMachines
from bot.storage.migrate import check_schema
from bot.storage.operation import SqlOperation
from bot.storage.outbox import SqlOutbox
from bot.storage.pictures import SqlPictures
from bot.storage.postings import SqlPostings
from bot.storage.queue import SqlQueue
from bot.storage.repository import Session
from bot.storage.requests import SqlRequests
from bot.storage.staff import SqlStaff
from bot.storage.staff_sessions import SqlStaffLinks, SqlStaffSessions
from bot.storage.statistics import SqlStatistics
from bot.storage.suppressions import SqlSuppressions
from bot.storage.tasks import SqlDocumentLinks, SqlRequestTasks
from bot.storage.unanswered import SqlUnanswered
from bot.storage.vault import Vault


class SqlStore:
    """SQLite or PostgreSQL, by its URL; the schema is `migrate`'s, the keys are `prepare`'s to make."""

    def __init__(
        self,
        url: str,
        vault: Vault,
        clock: Clock,
        erasures: ErasureLog | None = None,
        wait_s: int = WAIT_S,
        impatient: bool = False,
    ) -> None:
        """Open nothing yet; `wait_s` is how long to wait for a connection or a lock, `impatient` as Database has it."""
        self.vault = vault
        self.clock = clock
        self._database = Database(url, wait_s, impatient)
        self.erasures = erasures or ErasureLog(None)
        self.announce: Callable[[str], None] = lambda conversation: None
        """Told of each conversation that changed, once the change is there to be seen; any thread may call it."""

    def prepare(self) -> None:
        """Make the first data key and the audit chain's head.

        Raises SettingError if the schema is of another version, or SECRET_KEY not the one of this database.
        """
        with self.session() as session:
            check_schema(session.connection)
            # Two processes may start at once: the second waits here and finds the key of the first.
            if session.connection.dialect.name == "postgresql":
                session.connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('prepare'))"))
            if not session.keyring.check():
                session.keyring.add_active(self.clock.now())
            SqlAudit(session).begin()

    @contextmanager
    def transaction(self, read_only: bool = False, durable: bool = True) -> Iterator[Transaction]:
        """Begin; commit at the end of the block, roll back on an error; raises Unavailable when it is gone."""
        with self.session(read_only, durable=durable) as session:
            yield _repositories(session)

    @contextmanager
    def session(self, read_only: bool = False, snapshot: bool = False, durable: bool = True) -> Iterator[Session]:
        """What stands below the repositories, for the rotation of keys and for backups.

        A `snapshot` sees the database as of one moment throughout.
        """
        with self._database.transaction(read_only, snapshot, durable) as connection:
            session = Session(connection, Keyring(connection, self.vault), self.clock)
            yield session
            # Before the commit: an erasure that is noted but undone costs less than one that comes back.
            self.erasures.add(session.erased)
        for conversation in session.changed:
            self.announce(conversation)

    def ping(self) -> None:
        """Raise Unavailable unless the database answers."""
        with self.session(read_only=True) as session:
            session.connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Give all connections back."""
        self._database.close()


def _repositories(session: Session) -> Transaction:
    return Transaction(
        conversations=SqlConversations(session),
        customers=SqlCustomers(session),
        drafts=SqlDrafts(session),
        requests=SqlRequests(session),
        request_tasks=SqlRequestTasks(session),
        document_links=SqlDocumentLinks(session),
        codes=SqlCodes(session),
        limits=SqlLimits(session),
        suppressions=SqlSuppressions(session),
        request_lookup=SqlRequestLookup(session),
        handoffs=SqlHandoffs(session),
        queue=SqlQueue(session),
        notes=SqlNotes(session),
        presences=SqlPresences(session),
        case_alerts=SqlCaseAlerts(session),
        audit=SqlAudit(session),
        outbox=SqlOutbox(session),
        postings=SqlPostings(session),
        pictures=SqlPictures(session),
        unanswered=SqlUnanswered(session),
        engine_states=SqlEngineStates(session),
        company_settings=SqlCompanySettings(session),
        canned_answers=SqlCannedAnswers(session),
        statistics=SqlStatistics(session),
        figures=SqlFigures(session),
        staff=SqlStaff(session),
        staff_sessions=SqlStaffSessions(session),
        staff_links=SqlStaffLinks(session),
        machines=SqlMachines(session),
        operation=SqlOperation(session),
    )
