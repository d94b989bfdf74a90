"""The staff of two companies, as tests sign them in."""

from __future__ import annotations

from functools import cache

from bot.bootstrap import Services
from bot.services.staff.passwords import Passwords
from bot.services.staff.register import Place
from bot.services.staff.roles import Role

PASSWORD = "三匹の猫と correct horse"

NAMES = {
    "clerk@okura.example.jp": "佐藤",
    "clerk2@okura.example.jp": "鈴木",
    "manager@okura.example.jp": "高橋",
    "auditor@okura.example.jp": "田中",
    "admin@okura.example.jp": "伊藤",
    "clerk@kagoshima.example.jp": "中村",
    "manager@kagoshima.example.jp": "小林",
    "auditor@kagoshima.example.jp": "加藤",
    "admin@kagoshima.example.jp": "吉田",
}
"""By e-mail address: the role, and the company."""


def add_staff(services: Services) -> None:
    """Add everybody, with PASSWORD, and as if they had been in before."""
    for email, name in NAMES.items():
        role, _, rest = email.partition("@")
        place = Place(rest.partition(".")[0], Role(role.rstrip("2")))
        staff = services.staff.register.add(email, name, place).staff
        with services.store.transaction() as tx:
            tx.staff.set_password(staff.id, _hash())
            tx.staff.note_sign_in(staff.id, services.clock.now())
            tx.staff_links.drop_all(staff.id)


def id_of(services: Services, email: str) -> str:
    """The id of somebody who is there."""
    with services.store.transaction(read_only=True) as tx:
        staff = tx.staff.by_email(email)
    assert staff is not None
    return staff.id


@cache
def _hash() -> str:
    return Passwords().hash(PASSWORD)
