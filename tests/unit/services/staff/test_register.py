from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import NotFound
from bot.services.staff.names import StaffRefused
from bot.services.staff.register import LastAdmin, Place
from bot.services.staff.roles import Role
from bot.settings import Settings
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.staff import PASSWORD
from tests.unit.services.staff.conftest import EMAIL, CountingHasher, House, build, enter

CLERK = Place("okura", Role.CLERK)
TARO = "taro@example.jp"


def roles(house: House, company: str = "okura") -> dict[str, str]:
    return {one.staff.email: one.membership.role.value for one in house.staff.register.colleagues(company)}


class TestInviting:
    def test_somebody_new_gets_a_link(self, house: House) -> None:
        house.clock.advance(minutes=1)
        house.staff.register.invite(TARO, "太郎", CLERK, house.member())
        assert "/staff/invitation/" in house.mails()[-1]
        assert "山田花子さんが" in house.mails()[-1]
        assert [one.waiting for one in house.staff.register.colleagues("okura")] == [False, True]
        house.clock.advance(hours=72)
        assert [one.waiting for one in house.staff.register.colleagues("okura")] == [False, False]

    def test_the_mail_has_nothing_personal_but_names(self, house: House) -> None:
        house.staff.register.invite(TARO, "太郎", CLERK, house.member())
        assert TARO not in house.mails()[-1]
        assert EMAIL not in house.mails()[-1]

    def test_somebody_of_another_company_keeps_the_account(self, house: House) -> None:
        house.staff.register.add(TARO, "太郎", Place("kagoshima", Role.ADMIN), PASSWORD)
        house.staff.register.invite(TARO, "別の名前", CLERK, house.member())
        assert "/staff/invitation/" not in house.mails()[-1]
        assert house.member(TARO).name == "太郎"
        assert roles(house)[TARO] == "clerk"
        assert enter(house, TARO)

    @pytest.mark.parametrize(
        ("email", "name", "place", "phrase"),
        [
            ("no address", "太郎", CLERK, "staff_email_wrong"),
            (TARO, " ", CLERK, "staff_name_wrong"),
            (TARO, "太郎", Place("okura", Role.CLERK, "nowhere"), "staff_store_wrong"),
            (TARO, "太郎", Place("okura", Role.ADMIN, "shinjo"), "staff_admin_of_store"),
            (EMAIL, "花子", CLERK, "staff_already_there"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, house: House, email: str, name: str, place: Place, phrase: str
    ) -> None:
        before = roles(house)
        with pytest.raises(StaffRefused) as refused:
            house.staff.register.invite(email, name, place, house.member())
        assert refused.value.phrase == phrase
        assert roles(house) == before
        assert house.mails() == []

    def test_a_second_invitation_ends_the_first(self, house: House) -> None:
        first = house.staff.register.add(TARO, "太郎", CLERK).link
        house.staff.register.invite_again("okura", house.member(TARO).id, house.member())
        assert first not in house.mails()[-1]
        with pytest.raises(StaffRefused, match="accepted already"):
            house.staff.register.invite_again("okura", house.member().id, house.member())


class TestChanging:
    def test_a_role_holds_from_the_next_page_on(self, house: House) -> None:
        house.staff.register.add(TARO, "太郎", CLERK, PASSWORD)
        token = enter(house, TARO).token
        house.staff.register.change(house.member(TARO).id, Place("okura", Role.AUDITOR), house.member())
        found = house.staff.sessions.find(token)
        assert found
        assert [one.role for one in found.memberships] == [Role.AUDITOR]

    def test_the_last_admin_stays(self, house: House) -> None:
        house.staff.register.add(TARO, "太郎", Place("okura", Role.ADMIN))  # Has accepted nothing yet.
        me = house.member()
        with pytest.raises(LastAdmin):
            house.staff.register.change(me.id, CLERK, me)
        with pytest.raises(LastAdmin):
            house.staff.register.remove("okura", me.id, f"staff:{me.id}")
        house.staff.register.change(me.id, Place("okura", Role.ADMIN), me)

    def test_another_companys_people_are_not_there(self, house: House) -> None:
        house.staff.register.add(TARO, "太郎", Place("kagoshima", Role.CLERK), PASSWORD)
        theirs, me = house.member(TARO).id, house.member()
        for attempt in (
            lambda: house.staff.register.change(theirs, CLERK, me),
            lambda: house.staff.register.remove("okura", theirs, "staff:x"),
            lambda: house.staff.register.reset_factor("okura", theirs, me),
            lambda: house.staff.register.invite_again("okura", theirs, me),
        ):
            with pytest.raises(NotFound):
                attempt()

    def test_who_is_removed_is_out_at_once(self, house: House) -> None:
        house.staff.register.add(TARO, "太郎", CLERK, PASSWORD)
        token = enter(house, TARO).token
        house.staff.register.remove("okura", house.member(TARO).id, "staff:x")
        assert house.staff.sessions.find(token) is None
        assert house.member(TARO).name == "太郎"  # What was done keeps its name.

    def test_who_never_came_is_forgotten(self, house: House) -> None:
        house.staff.register.invite(TARO, "太郎", CLERK, house.member())
        house.staff.register.remove("okura", house.member(TARO).id, "staff:x")
        with house.store.transaction(read_only=True) as tx:
            assert tx.staff.by_email(TARO) is None

    def test_everything_is_in_the_audit_chain(self, house: House) -> None:
        me = house.member()
        house.staff.register.add(TARO, "太郎", CLERK, PASSWORD)
        taro = house.member(TARO).id
        house.staff.register.change(taro, Place("okura", Role.MANAGER), me)
        house.staff.register.reset_factor("okura", taro, me)
        house.staff.register.remove("okura", taro, f"staff:{me.id}")
        with house.store.transaction(read_only=True) as tx:
            records = [(one.actor, one.action, one.after.get("role")) for one in tx.audit.records(f"staff:{taro}")]
            assert tx.audit.first_bad() is None
        who = f"staff:{me.id}"
        assert records == [
            ("operator", "staff.added", "clerk"),
            (who, "staff.role_changed", "manager"),
            (who, "staff.second_factor_reset", None),
            (who, "staff.removed", None),
        ]


class TestSecondFactor:
    def test_a_lost_one_is_taken_away_with_the_sessions(self, house: House) -> None:
        house.staff.register.add(TARO, "太郎", CLERK, PASSWORD)
        taro, token = house.member(TARO).id, enter(house, TARO).token
        with house.store.transaction() as tx:
            tx.staff.set_second_factor(taro, "SECRET", 0, ["code"])
        house.staff.register.reset_factor("okura", taro, house.member())
        assert not house.member(TARO).totp_secret
        assert house.staff.sessions.find(token) is None

    def test_another_companys_door_is_not_opened(self, house: House) -> None:
        house.staff.register.add(TARO, "太郎", CLERK, PASSWORD)
        house.staff.register.add(TARO, "太郎", Place("kagoshima", Role.ADMIN))
        with pytest.raises(StaffRefused) as refused:
            house.staff.register.reset_factor("okura", house.member(TARO).id, house.member())
        assert refused.value.phrase == "staff_elsewhere"

    def test_the_operator_lets_in_again(self, house: House) -> None:
        with house.store.transaction() as tx:
            tx.staff.set_second_factor(house.member().id, "SECRET", 0, ["code"])
        added = house.staff.register.reset(EMAIL)
        assert added.link
        assert not house.member().totp_secret
        with pytest.raises(NotFound):
            house.staff.register.reset("nobody@example.jp")


def test_two_admins_who_remove_each_other_leave_one(store: SqlStore, clock: FixedClock, tmp_path: Path) -> None:
    house = build(store, clock, Settings(secret_key="k" * 40, var_dir=tmp_path), CountingHasher())
    for email in (EMAIL, TARO):
        house.staff.register.add(email, "山田花子", Place("okura", Role.ADMIN), PASSWORD)
    ids, barrier, lost = [house.member(email).id for email in (EMAIL, TARO)], threading.Barrier(2), []

    def remove(staff_id: str) -> Callable[[], None]:
        def run() -> None:
            barrier.wait()
            try:
                house.staff.register.remove("okura", staff_id, "staff:x")
            except LastAdmin:
                lost.append(staff_id)

        return run

    threads = [threading.Thread(target=remove(staff_id)) for staff_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lost) == 1
    assert len(house.staff.register.colleagues("okura")) == 1
