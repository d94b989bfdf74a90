"""What staff leave beside a conversation, and how staff are found and told of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.privacy.folding import fold_name
from bot.services.contacts import fold_contact
from bot.services.records import DataSubjectRequest, Note, Presence
from bot.storage.repository import Repository
from bot.storage.tables import case_alerts, notes, presences, request_lookup

DIGEST_CHARACTERS = 32
"""128 bits of the keyed hash, as in the register's look-up."""
_NAMES = ("name", "name_kana", "principal")
_CONTACTS = ("contact", "email", "phone")


class SqlNotes(Repository):
    """Implement the port of notes."""

    def add(self, note: Note) -> bool:
        """Insert; False if one with that id is there."""
        statement = self._insert(notes).values(self._row(notes, note))
        return bool(self._run(statement.on_conflict_do_nothing(index_elements=["id"])).rowcount)

    def of(self, conversation_id: str) -> list[Note]:
        """Those of a conversation, oldest first."""
        query = select(notes).where(notes.c.conversation == conversation_id)
        return self._records(Note, notes, self._run(query.order_by(notes.c.created_at, notes.c.id)))


class SqlPresences(Repository):
    """Implement the port of presences."""

    def touch(self, subject: str, staff: str, at: datetime) -> None:
        """Note that somebody looks at a subject."""
        statement = self._insert(presences).values(subject=subject, staff=staff, seen_at=at)
        self._run(statement.on_conflict_do_update(index_elements=["subject", "staff"], set_={"seen_at": at}))

    def leave(self, subject: str, staff: str) -> None:
        """Note that somebody no longer does."""
        self._run(delete(presences).where(presences.c.subject == subject, presences.c.staff == staff))

    def since(self, moment: datetime) -> list[Presence]:
        """Who has looked at anything since, by subject."""
        rows = self._run(select(presences).where(presences.c.seen_at >= moment)).all()
        return sorted(Presence(row.subject, row.staff, row.seen_at) for row in rows)

    def sweep(self, before: datetime) -> int:
        """Delete those not seen since; return how many."""
        return int(self._run(delete(presences).where(presences.c.seen_at < before)).rowcount)


class SqlCaseAlerts(Repository):
    """Implement the port of e-mails about cases."""

    def switch_on(self, staff: str, company: str, at: datetime) -> None:
        """Begin to tell, of what comes from now on."""
        statement = self._insert(case_alerts).values(staff=staff, company=company, told_at=at)
        self._run(statement.on_conflict_do_nothing(index_elements=["staff", "company"]))

    def switch_off(self, staff: str, company: str) -> None:
        """Tell no more."""
        self._run(delete(case_alerts).where(case_alerts.c.staff == staff, case_alerts.c.company == company))

    def is_on(self, staff: str, company: str) -> bool:
        """Whether a person is told."""
        query = select(case_alerts.c.staff).where(case_alerts.c.staff == staff, case_alerts.c.company == company)
        return self._run(query).first() is not None

    def wanted(self, company: str) -> list[tuple[str, datetime]]:
        """Who is told, and when each was last."""
        query = select(case_alerts).where(case_alerts.c.company == company).order_by(case_alerts.c.staff)
        return [(row.staff, row.told_at) for row in self._run(query)]

    def told(self, staff: str, company: str, before: datetime, at: datetime) -> bool:
        """Note that a person is being told, in one atomic UPDATE; False if `before` is no longer the last time."""
        theirs = (case_alerts.c.staff == staff, case_alerts.c.company == company, case_alerts.c.told_at == before)
        return bool(self._run(update(case_alerts).where(*theirs).values(told_at=at)).rowcount)


class SqlRequestLookup(Repository):
    """Implement the port of requests by their claimants."""

    def put(self, request: DataSubjectRequest) -> None:
        """Make a request findable; what its claimant said never changes."""
        rows = [{"digest": digest, "request": request.id} for digest in self._digests(request)]
        if rows:
            self._run(insert(request_lookup), rows)

    def find(self, company: str, name_or_contact: str, limit: int) -> Sequence[str]:
        """Ids of the requests whose claimant bears that name or contact."""
        wanted = {self._key(company, fold_name(name_or_contact)), self._key(company, fold_contact(name_or_contact))}
        query = select(request_lookup.c.request).where(request_lookup.c.digest.in_(wanted)).limit(limit)
        return sorted(set(self._run(query).scalars()))

    def _digests(self, request: DataSubjectRequest) -> set[str]:
        folded = {fold_name(text) for text in _said(request.claimant, _NAMES)}
        folded |= {fold_contact(text) for text in _said(request.claimant, _CONTACTS)}
        return {self._key(request.company, text) for text in folded if text}

    def _key(self, company: str, folded: str) -> str:
        return self._digest("claimant", company, folded)[:DIGEST_CHARACTERS]


def _said(claimant: Mapping[str, str], names: Sequence[str]) -> list[str]:
    return [claimant[name] for name in names if claimant.get(name)]
