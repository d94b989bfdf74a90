"""The pages of the administration, as a browser without scripts gets them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.bootstrap import build_services
from bot.services.staff.roles import Role
from bot.settings import Settings
from tests.conftest import SECRET, FixedClock
from tests.records import outbound, unanswered_question
from tests.unit.console.request_desk import Browser, RequestDesk

WEEK = {"open_0": "yes", "opens_0": "08:00", "closes_0": "12:30", "opens_1": "", "closes_1": ""}


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[RequestDesk]:
    services = build_services(Settings(var_dir=tmp_path, secret_key=SECRET, database_url=sqlite_url), clock)
    yield RequestDesk(services)
    services.store.close()


@pytest.fixture
def admin(desk: RequestDesk) -> Browser:
    return desk.sign_in("boss", Role.ADMIN)


def actions(desk: RequestDesk) -> list[str]:
    with desk.services.store.transaction(read_only=True) as tx:
        return [record.action for record in tx.audit.records()]


# Canned answers


def test_a_canned_answer_is_added_changed_moved_and_deleted(desk: RequestDesk, admin: Browser) -> None:
    assert "定型文はまだありません" in admin.get("/admin/answers").text
    admin.post("/admin/answers", title="営業時間", text="平日の9時からです。")
    page = admin.post("/admin/answers", title="<b>お礼", text="ありがとうございます。\r\n<script>")
    assert "保存しました。" in page.text
    assert "&lt;b&gt;お礼" in page.text
    assert "<script>" not in page.text.replace("<script src=", "")
    hours, thanks = desk.services.canned_answers.list("okura")
    admin.post(f"/admin/answers/{thanks.id}", title="お礼", text=thanks.text)
    admin.post(f"/admin/answers/{thanks.id}/up")
    assert [one.title for one in desk.services.canned_answers.list("okura")] == ["お礼", "営業時間"]
    admin.post(f"/admin/answers/{hours.id}/delete")
    assert [one.id for one in desk.services.canned_answers.list("okura")] == [thanks.id]


@pytest.mark.parametrize("path", ["/admin/answers", "/admin/answers/{id}"])
def test_a_refused_answer_is_shown_again_as_it_was_typed(desk: RequestDesk, admin: Browser, path: str) -> None:
    kept = desk.services.canned_answers.add("okura", "題", "文", "s1")
    page = admin.post(path.format(id=kept.id), title=" ", text="長い長い文章")
    assert page.status_code == 409
    assert "題名と文章の両方を書いてください。" in page.text
    assert "長い長い文章" in page.text
    assert desk.services.canned_answers.list("okura") == [kept]


# Hours, closed days, four eyes


def test_the_week_is_set_by_ticking_days(desk: RequestDesk, admin: Browser) -> None:
    assert 'value="08:30"' in admin.get("/admin/hours").text
    page = admin.post("/admin/hours", **WEEK)
    assert "保存しました。" in page.text
    company = desk.services.companies.get("okura")
    assert company.opening_hours == {0: (time(8), time(12, 30))}
    assert not company.closed_on_holidays


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "少なくとも一つ"),
        ({"open_3": "yes", "opens_3": "17:00", "closes_3": "09:00"}, "始まりの時刻より後"),
        ({"open_3": "yes", "opens_3": "9時", "closes_3": "09:00"}, "「9:00」のように"),
        ({"open_3": "yes"}, "「9:00」のように"),
    ],
)
def test_a_week_that_makes_no_sense_is_refused_and_not_lost(
    desk: RequestDesk, admin: Browser, typed: dict[str, str], words: str
) -> None:
    before = desk.services.companies.get("okura").opening_hours
    page = admin.post("/admin/hours", **{**typed, "opens_5": "06:15"})
    assert page.status_code == 409
    assert words in page.text
    assert 'value="06:15"' in page.text
    assert desk.services.companies.get("okura").opening_hours == before


def test_closed_days_stand_among_the_holidays_and_can_be_taken_back(desk: RequestDesk, admin: Browser) -> None:
    assert "海の日" in admin.get("/admin/hours").text
    page = admin.post("/admin/hours/close", day="2026-08-13", reason="夏季休業").text
    assert "2026年8月13日(木)" in page
    assert "夏季休業" in page
    assert date(2026, 8, 13) in desk.services.companies.get("okura").closed_days
    assert "8月13日" not in admin.post("/admin/hours/open", day="2026-08-13").text
    assert date(2026, 8, 13) not in desk.services.companies.get("okura").closed_days


@pytest.mark.parametrize("day", ["2026-06-01", "", "31/12", "2026-02-30"])
def test_a_day_that_can_not_be_closed_is_refused(desk: RequestDesk, admin: Browser, day: str) -> None:
    page = admin.post("/admin/hours/close", day=day, reason="棚卸し")
    assert page.status_code == 409
    assert "棚卸し" in page.text
    assert actions(desk) == []


def test_the_word_for_those_who_wait_reaches_the_desk(desk: RequestDesk, admin: Browser) -> None:
    admin.post("/admin/hours/note", note="お盆明けは混み合います。")
    okura = desk.services.companies.get("okura")
    assert desk.services.handoffs.waiting_words(okura).endswith("お盆明けは混み合います。")
    refused = admin.post("/admin/hours/note", note="あ" * 201)
    assert refused.status_code == 409
    assert "あ" * 201 in refused.text


def test_four_eyes_need_a_reason_to_be_switched_off(desk: RequestDesk, admin: Browser) -> None:
    refused = admin.post("/admin/approval", four_eyes="off", reason=" ")
    assert refused.status_code == 409
    assert "理由を書いてください" in refused.text
    assert desk.services.companies.get("okura").four_eyes
    assert "担当が一人のため" in admin.post("/admin/approval", four_eyes="off", reason="担当が一人のため").text
    assert not desk.services.companies.get("okura").four_eyes
    admin.post("/admin/approval", four_eyes="on")
    assert desk.services.companies.get("okura").four_eyes
    assert actions(desk) == ["settings.four_eyes_switched"] * 2


# Dead letters


@pytest.fixture
def letter(desk: RequestDesk) -> str:
    with desk.services.store.transaction() as tx:
        tx.outbox.add(outbound("x1", recipient="hanako@example.jp", text="確認番号 12345678"))
        tx.outbox.mark_failed("x1", "550 no such user", None)
        tx.outbox.add(outbound("x2", company="kagoshima", recipient="taro@example.jp"))
        tx.outbox.mark_failed("x2", "550", None)
    return "x1"


def test_a_dead_letter_hides_its_recipient_until_somebody_asks(desk: RequestDesk, admin: Browser, letter: str) -> None:
    page = admin.get("/admin/dead-letters").text
    assert "550 no such user" in page
    assert not [word for word in ("hanako", "12345678", "taro") if word in page]
    assert actions(desk) == []
    assert "hanako@example.jp" in admin.post(f"/admin/dead-letters/{letter}/reveal").text
    assert actions(desk) == ["personal.revealed"]


def test_a_dead_letter_is_sent_again_or_deleted(desk: RequestDesk, admin: Browser, letter: str) -> None:
    admin.post(f"/admin/dead-letters/{letter}/retry")
    with desk.services.store.transaction() as tx:
        assert tx.outbox.get(letter).status == "waiting"
        tx.outbox.mark_failed(letter, "550", None)
    admin.post(f"/admin/dead-letters/{letter}/delete")
    with desk.services.store.transaction() as tx:
        assert tx.outbox.get(letter) is None
    assert actions(desk) == ["outbox.retried", "outbox.discarded"]


@pytest.mark.parametrize("step", ["reveal", "retry", "delete"])
def test_another_companys_letter_is_not_there(desk: RequestDesk, admin: Browser, letter: str, step: str) -> None:
    answer = admin.post(f"/admin/dead-letters/x2/{step}")
    assert answer.status_code == 404
    assert "taro" not in answer.text
    assert actions(desk) == []


# The policy and what it left open


def test_the_policys_check_is_told_in_words(admin: Browser) -> None:
    page = admin.get("/admin/policy").text
    assert "個人情報保護方針" in page
    assert "記載のない事柄" in page


def test_unanswered_questions_come_newest_first_and_in_pages(
    desk: RequestDesk, admin: Browser, clock: FixedClock
) -> None:
    with desk.services.store.transaction() as tx:
        for number in range(51):
            asked = clock.now() - timedelta(minutes=number)
            tx.unanswered.add(unanswered_question(f"q{number}", text=f"質問{number:02}<i>", asked_at=asked))
        tx.unanswered.add(unanswered_question("k1", company="kagoshima", text="よその質問"))
    first = admin.get("/admin/unanswered").text
    assert "質問00&lt;i&gt;" in first
    assert "質問50" not in first
    assert "よその質問" not in first
    after = first.split('href="?before=')[1].split('"')[0]
    assert "質問50" in admin.get(f"/admin/unanswered?before={after}").text
    assert admin.get("/admin/unanswered?before=x").status_code == 200


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_whoever_works_for_a_store_changes_nothing_for_the_others(desk: RequestDesk, role: Role) -> None:
    theirs = desk.sign_in("m1", role, store="shinjo")
    paths = [
        "/admin/hours",
        "/admin/answers",
        "/admin/staff",
        "/admin/approval",
        "/admin/dead-letters",
        "/admin/machines",
    ]
    assert {theirs.get(path).status_code for path in paths} == {403}
    menu = theirs.get("/queue").text + theirs.get("/admin/audit").text
    assert [path for path in paths if f"/staff/okura{path}" in menu] == []
    assert theirs.get("/admin/policy").status_code == 200


def test_whoever_works_for_a_store_sees_its_unanswered_questions_and_those_of_none(desk: RequestDesk) -> None:
    with desk.services.store.transaction() as tx:
        for store in ("shinjo", "sakata", None):
            tx.unanswered.add(unanswered_question(f"q-{store}", text=f"質問{store}", store=store))
    page = desk.sign_in("m1", Role.MANAGER, store="shinjo").get("/admin/unanswered?store=sakata").text
    assert [store for store in ("shinjo", "sakata", "None") if f"質問{store}" in page] == ["shinjo", "None"]


# The audit log


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_log_tells_in_words_who_did_what(desk: RequestDesk) -> None:
    request = desk.opened()
    desk.services.company_settings.switch_four_eyes("okura", False, "山田が入院中", "a1")
    page = desk.sign_in("a1", Role.AUDITOR).get("/admin/audit").text
    assert "受け付けました" in page
    assert request.receipt in page
    assert "二人での承認を切り替えました" in page
    assert "担当a1" in page
    assert "二人での承認：なし → いいえ" in page
    assert "山田" not in page


def test_the_log_is_filtered(desk: RequestDesk) -> None:
    one, other = desk.opened(), desk.opened("stop_use")
    desk.services.company_settings.set_waiting_note("okura", "混んでいます", "a1")
    auditor = desk.sign_in("a1", Role.AUDITOR)

    def shown(query: str) -> int:
        return auditor.get(f"/admin/audit?{query}").text.count('<th scope="row">')

    assert shown("") == 3
    assert shown("who=staff%3Aa1") == 1
    assert shown("what=request.opened") == 2
    assert shown(f"receipt={one.receipt}") == shown(f"receipt={other.receipt.lower()}") == 1
    assert shown("receipt=OK-NONSENSE") == 0
    assert shown("from=2026-06-02&to=2026-06-02") == 3
    assert shown("from=2026-06-03") == shown("to=2026-06-01") == 0
    assert shown("from=x&to=0001-01-01&before=nonsense") == 3


def test_another_companys_records_are_not_in_it(desk: RequestDesk) -> None:
    desk.services.company_settings.set_waiting_note("kagoshima", "混んでいます", "s9")
    request = desk.opened()
    theirs = desk.sign_in("a1", Role.AUDITOR, "kagoshima")
    page = theirs.client.get(f"/staff/kagoshima/admin/audit?receipt={request.receipt}").text
    assert "この条件に合う記録はありません。" in page
    ours = desk.sign_in("a2", Role.AUDITOR).get("/admin/audit").text
    assert "ひとことを変えました</td>" not in ours


def test_the_spreadsheet_has_all_records_that_fit_and_no_formula(desk: RequestDesk, clock: FixedClock) -> None:
    with desk.services.store.transaction() as tx:
        for number in range(501):
            tx.audit.append("staff:x", "=1+1", f"request:{number}", "okura", {}, {"status": "@x"}, clock.now())
    table = rows(desk.sign_in("a1", Role.AUDITOR).get("/admin/audit.csv?what=%3D1%2B1").text)
    assert table[0] == ["番号", "日時", "だれが", "したこと", "対象", "変わったこと", "検査用の値"]
    assert len({row[0] for row in table[1:]}) == 501
    assert table[1][3] == "'=1+1"
    assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "@"))]


def test_the_chains_check_says_whether_it_holds(desk: RequestDesk) -> None:
    desk.opened()
    auditor = desk.sign_in("a1", Role.AUDITOR)
    assert "消されたりした記録はありません" in auditor.post("/admin/audit/check").text
    with desk.services.store.session() as session:
        session.connection.execute(text("UPDATE audit_records SET actor = 'desk'"))
    page = auditor.post("/admin/audit/check").text
    assert "すぐにシステム管理者に知らせてください" in page
    assert "audit record 1 was changed" in page


@pytest.mark.parametrize(
    ("role", "opened", "closed"),
    [
        (Role.CLERK, ["/overview"], ["/admin/answers", "/admin/hours", "/admin/audit", "/admin/approval"]),
        (Role.MANAGER, ["/admin/answers", "/admin/hours", "/admin/audit", "/admin/unanswered"], ["/admin/approval"]),
        (Role.AUDITOR, ["/overview", "/admin/audit", "/admin/policy"], ["/admin/answers", "/admin/dead-letters"]),
        (Role.ADMIN, ["/admin/approval", "/admin/dead-letters", "/admin/answers"], []),
    ],
)
def test_each_role_has_its_pages(desk: RequestDesk, role: Role, opened: list[str], closed: list[str]) -> None:
    browser = desk.sign_in("s1", role)
    assert {browser.get(path).status_code for path in opened} == {200}
    assert {browser.get(path).status_code for path in closed} <= {403}
