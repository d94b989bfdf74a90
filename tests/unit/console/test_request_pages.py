"""The pages of requests, as a browser without scripts gets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.bootstrap import build_services
from bot.privacy.statuses import IdentityStatus, Status
from bot.services.staff.roles import Role
from bot.settings import Settings
from tests.conftest import SECRET, FixedClock
from tests.unit.console.request_desk import RequestDesk

WORDS = "ご希望の情報を、電子データでお渡しします。"


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[RequestDesk]:
    services = build_services(Settings(var_dir=tmp_path, secret_key=SECRET, database_url=sqlite_url), clock)
    yield RequestDesk(services)
    services.store.close()


def test_the_list_shows_what_is_due_in_business_days(desk: RequestDesk, clock: FixedClock) -> None:
    clerk, request = desk.sign_in("s1"), desk.opened()
    page = clerk.get("/requests").text
    assert request.receipt in page
    assert "あと10営業日" in page
    clock.advance(days=15)
    assert "1営業日過ぎています" in desk.sign_in("s2").get("/requests").text


def test_the_list_is_filtered(desk: RequestDesk, clock: FixedClock) -> None:
    clerk = desk.sign_in("s1")
    disclosure, stop = desk.opened(), desk.opened("stop_use")
    desk.services.request_work.assign(stop.id, "s1", "s1")

    def shown(query: str) -> set[str]:
        page = clerk.get(f"/requests?{query}").text
        return {one.type for one in (disclosure, stop) if one.receipt in page}

    assert shown("") == shown("show=all") == {"disclosure", "stop_use"}
    assert shown("type=stop_use") == shown("mine=yes") == {"stop_use"}
    assert shown("due=late") == shown("due=week") == shown("show=denied") == shown("show=in_progress") == set()
    assert shown("show=nonsense&due=never&type=") == {"disclosure", "stop_use"}


def test_a_long_list_comes_in_pages(desk: RequestDesk) -> None:
    clerk = desk.sign_in("s1")
    receipts = {desk.opened("stop_use").receipt for _ in range(51)}
    first = clerk.get("/requests")
    after = first.text.split("次の50件")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = clerk.client.get(after)
    on_first, on_second = ({one for one in receipts if f"/requests/{one}" in page.text} for page in (first, second))
    assert (len(on_first), len(on_second), on_first | on_second) == (50, 1, receipts)


def test_a_file_tells_everything_in_words(desk: RequestDesk) -> None:
    page = desk.sign_in("s1").get(f"/requests/{desk.opened().receipt}").text
    for words in ("開示", "電子データ", "髙橋 花子", "一致", "開示する記録をまとめる", "受け付けました", "33条1項"):
        assert words in page


def test_whose_store_it_isnt_sees_nothing_of_it(desk: RequestDesk) -> None:
    request = desk.opened()
    with desk.services.store.transaction() as tx:
        kept = tx.requests.get(request.id)
        tx.requests.save(type(kept)(**{**vars(kept), "store": "north"}))
    north, south = desk.sign_in("s1", store="north"), desk.sign_in("s2", store="south")
    assert request.receipt in north.get("/requests").text
    assert request.receipt not in south.get("/requests").text
    assert request.receipt not in south.get("/requests?store=north").text
    assert south.get(f"/requests/{request.receipt}").status_code == 404
    assert south.post(f"/requests/{request.receipt}/begin").status_code == 404
    assert desk.now(request).status is Status.OPEN


def test_an_auditor_reads_and_changes_nothing(desk: RequestDesk) -> None:
    auditor, request = desk.sign_in("s1", Role.AUDITOR), desk.opened()
    page = auditor.get(f"/requests/{request.receipt}")
    assert page.status_code == 200
    assert "結果を決める" not in page.text
    for path in ("begin", "assign", "tasks", "approve", "send-back", "identity/confirm", "decide/denied"):
        assert auditor.post(f"/requests/{request.receipt}/{path}").status_code == 403


def test_begin_assign_and_tick_off(desk: RequestDesk) -> None:
    clerk, request = desk.sign_in("s1"), desk.opened()
    desk.sign_in("s2")
    path = f"/requests/{request.receipt}"
    assert "対応を始めました。" in clerk.post(f"{path}/begin").text
    assert "担当s2" in clerk.post(f"{path}/assign", to="s2").text
    assert "担当者ではありません" in clerk.post(f"{path}/assign", to="nobody").text
    assert "作業の状態を変えました。" in clerk.post(f"{path}/tasks", task="compile_records", done="yes").text
    assert clerk.post(f"{path}/tasks", task="no_such", done="yes").status_code == 404
    history = clerk.get(path).text.split("これまでのこと")[1]
    assert [words in history for words in ("担当s2", "開示する記録をまとめる", "担当s1")] == [True] * 3


def test_a_person_is_found_and_verified_by_documents(desk: RequestDesk) -> None:
    clerk, request = desk.sign_in("s1"), desk.opened(identity=IdentityStatus.MANUAL)
    path = f"/requests/{request.receipt}/identity"
    page = clerk.get(path)
    assert "髙橋 花子さま" in page.text
    refused = clerk.post(f"{path}/confirm", page, customer="hanako", document="my_number_card", seen="copy")
    assert refused.status_code == 409
    assert "番号利用法20条" in refused.text
    assert "書類を選んで" in clerk.post(f"{path}/confirm", page, customer="hanako", seen="copy").text
    done = clerk.post(f"{path}/confirm", page, customer="hanako", document="drivers_licence", seen="at_counter")
    assert "運転免許証、店頭で見た" in done.text
    assert desk.now(request).verified


def test_the_register_is_searched_by_what_staff_know(desk: RequestDesk) -> None:
    claimant = {"name": "佐藤 次郎", "contact": "unknown"}
    clerk, request = desk.sign_in("s1"), desk.opened(identity=IdentityStatus.MANUAL, claimant=claimant)
    path = f"/requests/{request.receipt}/identity"
    assert "見つかりません" in clerk.get(path).text
    for search in ("たかはし はなこ", "090-1234-5678", "HANAKO@example.jp", "1001", "山形 500 あ 12-34"):
        found = clerk.post(path, search=search)
        assert "髙橋 花子さま" in found.text, search
        assert "違います" in found.text
        assert search not in str(found.url)


def test_why_nobody_could_be_verified_leads_to_a_denial(desk: RequestDesk) -> None:
    clerk, request = desk.sign_in("s1"), desk.opened(identity=IdentityStatus.MANUAL)
    path = f"/requests/{request.receipt}"
    assert clerk.post(f"{path}/identity/refuse", doubt="because").status_code == 409
    assert "断る" in clerk.post(f"{path}/identity/refuse", doubt="no_document").text
    form = clerk.get(f"{path}/decide/denied")
    assert 'value="identity_not_confirmed" checked' in form.text


def test_a_disclosure_is_decided_by_two(desk: RequestDesk) -> None:
    first, second, request = desk.sign_in("s1"), desk.sign_in("s2"), desk.opened()
    path = f"/requests/{request.receipt}"
    desk.finish_tasks(request)
    preview = first.post(f"{path}/decide/fulfilled", first.get(f"{path}/decide/fulfilled"), words=WORDS)
    assert "hanako@example.jp" in preview.text
    assert preview.text.count(WORDS) >= 3
    assert "承認を待っています" in first.post(f"{path}/decide/fulfilled", preview, sure="yes").text
    own = first.post(f"{path}/approve", first.get(path))
    assert "自分では承認できません" in own.text
    assert desk.messages() == desk.mails() == []
    proposal = second.get(path)
    assert WORDS in proposal.text
    assert "お客さまにお知らせしました" in second.post(f"{path}/approve", proposal).text
    assert desk.now(request).status is Status.FULFILLED
    assert [WORDS in text for text in (*desk.messages(), *(text for _, text in desk.mails()))] == [True, True]
    assert second.post(f"{path}/approve", proposal).status_code == 409


def test_a_proposal_is_sent_back_and_mended(desk: RequestDesk) -> None:
    first, second, request = desk.sign_in("s1"), desk.sign_in("s2"), desk.opened()
    path = f"/requests/{request.receipt}"
    desk.finish_tasks(request)
    form = first.get(f"{path}/decide/fulfilled")
    first.post(f"{path}/decide/fulfilled", form, words=WORDS, sure="yes")
    page = second.get(path)
    assert "理由を書いて" in second.post(f"{path}/send-back", page, reason=" ").text
    assert "差し戻しました" in second.post(f"{path}/send-back", page, reason="整備の記録も入れてください").text
    assert "整備の記録も入れてください" in first.get(path).text
    assert WORDS in first.get(f"{path}/decide/fulfilled").text


def test_nobody_approves_words_that_changed_meanwhile(desk: RequestDesk) -> None:
    first, second, request = desk.sign_in("s1"), desk.sign_in("s2"), desk.opened()
    path = f"/requests/{request.receipt}"
    desk.finish_tasks(request)
    first.post(f"{path}/decide/fulfilled", first.get(f"{path}/decide/fulfilled"), words=WORDS, sure="yes")
    seen = second.get(path)
    first.post(f"{path}/decide/fulfilled", first.get(path), words="べつの言葉です。", sure="yes")
    assert "内容を変えました" in second.post(f"{path}/approve", seen).text
    assert desk.now(request).status is Status.IN_PROGRESS


def test_a_denial_has_a_ground_and_loses_nothing_on_the_way(desk: RequestDesk) -> None:
    desk.four_eyes(False)
    clerk, request = desk.sign_in("s1"), desk.opened("stop_use")
    path = f"/requests/{request.receipt}/decide/denied"
    words = "<script>alert(1)</script>\r\n調べた結果です。"
    refused = clerk.post(path, clerk.get(path), words=words)
    assert refused.status_code == 409
    assert "断る理由を選んでください" in refused.text
    assert "&lt;script&gt;" in refused.text
    assert "<script>alert" not in refused.text
    preview = clerk.post(path, clerk.get(path), words=words, ground="no_ground_found")
    assert "35条2項・4項・6項" in preview.text
    assert "お客さまにお知らせしました" in clerk.post(path, preview, sure="yes").text
    assert desk.now(request).decision["words"].splitlines()[1] == "調べた結果です。"


def test_a_template_has_what_was_asked_for(desk: RequestDesk) -> None:
    clerk = desk.sign_in("s1")
    stop = desk.opened("stop_provision", details={"recipient": "ロータス\n保険会社"})
    corrected = desk.opened(
        "correction", details={"item": "phone", "old_value": "unknown", "new_value": "+819011112222"}
    )
    assert "・ロータス、保険会社" in clerk.get(f"/requests/{stop.receipt}/decide/fulfilled").text
    assert "・電話番号：090-1111-2222" in clerk.get(f"/requests/{corrected.receipt}/decide/fulfilled").text


def test_a_preview_can_be_gone_back_from(desk: RequestDesk) -> None:
    clerk, request = desk.sign_in("s1"), desk.opened("stop_use")
    path = f"/requests/{request.receipt}/decide/denied"
    preview = clerk.post(path, clerk.get(path), words="書きかけの言葉", ground="no_ground_found")
    back = clerk.post(path, preview, change="yes")
    assert "書きかけの言葉" in back.text
    assert 'value="no_ground_found" checked' in back.text
    assert desk.now(request).status is Status.OPEN


def test_marketing_has_no_denial_to_choose(desk: RequestDesk) -> None:
    clerk, request = desk.sign_in("s1"), desk.opened("stop_marketing", IdentityStatus.UNVERIFIED, details={})
    assert f"{request.receipt}/decide/denied" not in clerk.get(f"/requests/{request.receipt}").text
    assert clerk.get(f"/requests/{request.receipt}/decide/other").status_code == 404


def test_a_longer_time_needs_a_day_and_a_reason(desk: RequestDesk) -> None:
    clerk, request = desk.sign_in("s1"), desk.opened()
    path = f"/requests/{request.receipt}/extend"
    page = clerk.get(path)
    for due, reason in (("", "調査"), ("2026-06-01", "調査"), ("2026-07-01", " ")):
        assert clerk.post(path, page, due=due, reason=reason).status_code == 409
    assert "期限を延ばし" in clerk.post(path, page, due="2026-07-01", reason="整備記録を確かめるため").text
    assert "整備記録を確かめるため" in desk.messages()[0]


def test_the_record_is_shown_saved_and_noted(desk: RequestDesk) -> None:
    clerk, request = desk.sign_in("s1"), desk.opened()
    path = f"/requests/{request.receipt}"
    assert "090-1234-5678" in clerk.get(f"{path}/record").text
    with desk.services.store.transaction() as tx:
        kept = tx.customers.get("hanako")
        tx.customers.save_many([type(kept)(**{**vars(kept), "address": "=HYPERLINK(1)"})])
    table = clerk.get(f"{path}/record.csv")
    assert table.headers["content-disposition"].startswith("attachment")
    assert "'=HYPERLINK(1)" in table.content.decode("utf-8-sig")
    assert clerk.get(path).text.count("開示する記録を表示しました") == 2
    assert clerk.get(f"/requests/{desk.opened('erasure').receipt}/record").status_code == 404
    assert desk.sign_in("s2", Role.AUDITOR).get(f"{path}/record").status_code == 403


def test_a_link_is_sent_once_the_disclosure_is_decided(desk: RequestDesk) -> None:
    desk.four_eyes(False)
    clerk, request = desk.sign_in("s1"), desk.opened()
    path = f"/requests/{request.receipt}"
    assert "リンクは" in clerk.post(f"{path}/link").text
    desk.finish_tasks(request)
    clerk.post(f"{path}/decide/fulfilled", clerk.get(f"{path}/decide/fulfilled"), words=WORDS, sure="yes")
    assert "メールで送りました" in clerk.post(f"{path}/link", clerk.get(path)).text
    assert any("/documents/" in text for _, text in desk.mails())
