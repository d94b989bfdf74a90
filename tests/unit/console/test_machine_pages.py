"""The page of other systems, as an administrator's browser gets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.bootstrap import build_machine_register, build_services
from bot.services.machines import KeyRefused, MachineRegister, Scope
from bot.services.staff.roles import Role
from bot.settings import Settings
from tests.conftest import SECRET, FixedClock
from tests.unit.console.request_desk import Browser, RequestDesk

PAGE = "/admin/machines"


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[RequestDesk]:
    settings = Settings(var_dir=tmp_path, secret_key=SECRET, database_url=sqlite_url, environment="production")
    services = build_services(settings, clock)
    yield RequestDesk(services)
    services.store.close()


@pytest.fixture
def admin(desk: RequestDesk) -> Browser:
    return desk.sign_in("s1", Role.ADMIN)


@pytest.fixture
def register(desk: RequestDesk) -> MachineRegister:
    return build_machine_register(desk.services.store, desk.services.settings)


def test_a_key_is_shown_once_and_opens_the_api(admin: Browser, register: MachineRegister) -> None:
    fields = {"name": "社内デスク", "scope": "work", "webhook": "https://help.example/hook?key=sesame"}
    made = admin.post(PAGE, admin.get(PAGE), **fields)
    (key,) = re.findall(r"mdg_[\w-]{43}", made.text)
    assert "whsec_" in made.text

    assert register.admit(key).scope == "work"
    listed = admin.get(PAGE).text
    assert "社内デスク" in listed
    assert "https://help.example/hook" in listed
    assert not [secret for secret in (key, "whsec_", "sesame") if secret in listed]


def test_what_cannot_be_is_said_in_japanese_and_nothing_typed_is_lost(admin: Browser) -> None:
    for fields, words in (
        ({"name": "", "webhook": "https://help.example/"}, "80文字まで"),
        ({"name": "社内デスク", "webhook": "nowhere"}, "のような形で"),
        ({"name": "社内デスク", "webhook": "http://help.example/"}, "https://"),
        ({"name": "社内デスク", "webhook": "https://10.0.0.1/"}, "社外からも見える"),
    ):
        refused = admin.post(PAGE, admin.get(PAGE), scope="work", **fields)
        assert refused.status_code == 409
        assert words in refused.text
        assert f'value="{fields["webhook"]}"' in refused.text
    assert "まだ1つもありません" in admin.get(PAGE).text


def test_a_stopped_key_opens_nothing(admin: Browser, register: MachineRegister, desk: RequestDesk) -> None:
    made = register.add("社内デスク", "okura", Scope.READ, None, "operator")
    page = admin.get(PAGE)
    assert "停止する" in page.text
    stopped = admin.post(f"{PAGE}/{made.machine.id}/revoke", page)
    assert "鍵を停止しました" in stopped.text
    assert "停止済み" in stopped.text
    with pytest.raises(KeyRefused):
        register.admit(made.key)
    with desk.services.store.transaction(read_only=True) as tx:
        assert [record.actor for record in tx.audit.records(f"machine:{made.machine.id}")] == ["operator", "staff:s1"]


def test_another_companys_key_cannot_be_stopped(admin: Browser, register: MachineRegister) -> None:
    made = register.add("社内デスク", "kagoshima", Scope.READ, None, "operator")
    page = admin.get(PAGE)
    assert "社内デスク" not in page.text
    assert admin.post(f"{PAGE}/{made.machine.id}/revoke", page).status_code == 404
    assert register.admit(made.key)


@pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER, Role.AUDITOR])
def test_it_is_for_administrators(desk: RequestDesk, role: Role) -> None:
    assert desk.sign_in("s2", role).get(PAGE).status_code == 403
