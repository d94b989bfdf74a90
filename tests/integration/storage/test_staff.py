from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.services.staff.records import LinkKind, Membership, StaffLink
from bot.services.staff.roles import Role
from bot.storage.store import SqlStore
from tests.records import NOW, staff_member, staff_session

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(store: SqlStore) -> SqlStore:
    """One administrator of okura."""
    with store.transaction() as tx:
        tx.staff.add(staff_member(password_hash="hash"))
        tx.staff.put_membership(Membership("s1", "okura", Role.ADMIN))
    return store


class TestStaff:
    def test_an_address_has_one_account_whatever_its_case(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            assert not tx.staff.add(staff_member("s2", email="S1@Example.jp"))
            found = tx.staff.by_email("S1@EXAMPLE.JP")
        assert found == staff_member(password_hash="hash")

    def test_members_are_those_of_the_company_in_order_of_joining(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            for number, company in ((3, "okura"), (2, "okura"), (4, "kagoshima")):
                tx.staff.add(staff_member(f"s{number}", created_at=NOW + number * HOUR))
                tx.staff.put_membership(Membership(f"s{number}", company, Role.CLERK, "honsha"))
            assert [staff.id for staff, _ in tx.staff.members("okura")] == ["s1", "s2", "s3"]
            assert tx.staff.memberships("s4") == [Membership("s4", "kagoshima", Role.CLERK, "honsha")]

    def test_a_membership_is_put_twice_and_dropped_once(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            tx.staff.put_membership(Membership("s1", "okura", Role.CLERK))
            assert tx.staff.memberships("s1") == [Membership("s1", "okura", Role.CLERK)]
            assert tx.staff.drop_membership("s1", "okura")
            assert not tx.staff.drop_membership("s1", "okura")

    def test_admins_are_those_who_can_sign_in(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            tx.staff.add(staff_member("s2"))
            tx.staff.put_membership(Membership("s2", "okura", Role.ADMIN))
            assert tx.staff.lock_admins("okura") == {"s1"}

    def test_a_step_is_taken_once_however_many_try(self, desk: SqlStore) -> None:
        def take(_: int) -> bool:
            with desk.transaction() as tx:
                return tx.staff.take_step("s1", 100)

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(take, range(8))) == 1
        with desk.transaction() as tx:
            assert not tx.staff.take_step("s1", 99)
            assert tx.staff.take_step("s1", 101)

    def test_a_recovery_code_is_taken_once_however_many_try(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            tx.staff.set_second_factor("s1", "SECRET", 7, ["one", "two"])

        def take(_: int) -> bool:
            with desk.transaction() as tx:
                return tx.staff.take_recovery_code("s1", "one")

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(take, range(8))) == 1
        with desk.transaction() as tx:
            assert tx.staff.recovery_codes_left("s1") == 1
            assert tx.staff.get("s1") == staff_member(password_hash="hash", totp_secret="SECRET", totp_step=7)

    def test_an_account_takes_along_all_that_hangs_on_it(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            tx.staff_sessions.add(staff_session())
            tx.staff_links.add(StaffLink("d", "s1", LinkKind.PASSWORD, NOW, NOW + HOUR))
            tx.staff.delete("s1")
            assert tx.staff_sessions.get("p1") is None
            assert tx.staff_links.find("d") is None
            assert tx.staff.memberships("s1") == []


class TestSessions:
    def test_all_but_one_end(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            for number in range(3):
                tx.staff_sessions.add(staff_session(f"p{number}"))
            assert tx.staff_sessions.end_all("s1", but="p1") == 2
            assert [session.id for session in tx.staff_sessions.of("s1")] == ["p1"]

    def test_the_last_used_comes_first(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            tx.staff_sessions.add(staff_session("p1"))
            tx.staff_sessions.add(staff_session("p2"))
            tx.staff_sessions.touch("p1", NOW + HOUR)
            assert [session.id for session in tx.staff_sessions.of("s1")] == ["p1", "p2"]

    def test_old_ones_are_swept(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            tx.staff_sessions.add(staff_session("old", created_at=NOW - HOUR))
            tx.staff_sessions.add(staff_session("new"))
            assert tx.staff_sessions.sweep(NOW) == 1
            assert tx.staff_sessions.get("new")


class TestLinks:
    def test_a_link_is_used_once_however_many_try(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            tx.staff_links.add(StaffLink("d", "s1", LinkKind.INVITATION, NOW, NOW + HOUR))

        def use(_: int) -> bool:
            with desk.transaction() as tx:
                return tx.staff_links.use("d", NOW)

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(use, range(8))) == 1

    def test_a_link_expires(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            tx.staff_links.add(StaffLink("d", "s1", LinkKind.INVITATION, NOW, NOW + HOUR))
            assert tx.staff_links.open_for("s1", LinkKind.INVITATION, NOW)
            assert not tx.staff_links.open_for("s1", LinkKind.PASSWORD, NOW)
            assert not tx.staff_links.open_for("s1", LinkKind.INVITATION, NOW + HOUR)
            assert not tx.staff_links.use("d", NOW + HOUR)
            assert tx.staff_links.sweep(NOW + 2 * HOUR) == 1

    def test_a_new_one_ends_the_last(self, desk: SqlStore) -> None:
        with desk.transaction() as tx:
            tx.staff_links.add(StaffLink("d1", "s1", LinkKind.INVITATION, NOW, NOW + HOUR))
            tx.staff_links.add(StaffLink("d2", "s1", LinkKind.INVITATION, NOW, NOW + HOUR))
            assert tx.staff_links.find("d1") is None
            assert tx.staff_links.find("d2")
