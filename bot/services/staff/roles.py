"""What a member of staff may do in a company."""

from __future__ import annotations

from enum import Enum


class Role(str, Enum):
    """A role in one company; nobody has two there."""

    CLERK = "clerk"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMIN = "admin"


EVERYONE = frozenset(Role)
WORKERS = frozenset({Role.CLERK, Role.MANAGER, Role.ADMIN})
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
READERS_OF_AUDIT = frozenset({Role.AUDITOR, Role.MANAGER, Role.ADMIN})
