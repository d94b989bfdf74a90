"""The use cases of staff's accounts, put together."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.library import PolicyLibrary
from bot.services.notices import Notices
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock, Keys, Store
from bot.services.staff.access import Access
from bot.services.staff.links import Links
from bot.services.staff.own_account import OwnAccount
from bot.services.staff.passwords import Passwords
from bot.services.staff.register import StaffRegister
from bot.services.staff.sessions import Sessions
from bot.services.staff.sign_in import SignIn
from bot.settings import Settings


@dataclass(frozen=True)
class StaffServices:
    """What the console and the operator's command do with accounts."""

    sessions: Sessions
    sign_in: SignIn
    own_account: OwnAccount
    access: Access
    register: StaffRegister


def build_staff_services(
    store: Store,
    keys: Keys,
    clock: Clock,
    settings: Settings,
    companies: PolicyLibrary,
    phrases: Phrasebook,
    passwords: Passwords | None = None,
) -> StaffServices:
    """Put them together."""
    passwords, notices = passwords or Passwords(), Notices(phrases)
    sessions, links = Sessions(store, keys, clock, settings), Links(store, keys, clock, settings)
    sign_in = SignIn(store, keys, clock, settings, passwords, sessions)
    return StaffServices(
        sessions,
        sign_in,
        OwnAccount(store, keys, clock, settings, passwords, sign_in),
        Access(store, clock, companies, notices, passwords, links, sign_in),
        StaffRegister(store, clock, settings, companies, notices, passwords, links),
    )
