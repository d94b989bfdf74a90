"""The queue's pages in one process."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from bot.bootstrap import Services
from bot.console.case_words import CaseWords
from bot.console.overview_charts import topic_label
from bot.privacy.handoff import HandoffReason
from bot.services.records import Handoff
from bot.settings import ROOT
from tests.conftest import FixedClock
from tests.records import conversation, data_subject_request
from tests.unit.console.conftest import AUDITOR, CLERK, ELSEWHERE, MANAGER, OpenBrowser

QUEUE = "/staff/okura/queue"


@pytest.fixture
def case(services: Services) -> Handoff:
    with services.store.transaction() as tx:
        tx.conversations.add(conversation())
    services.handoffs.hand_off("c1", services.companies.get("okura"), HandoffReason.ASKED, "m1")
    return services.handoffs.find("okura")[0]


def case_now(services: Services) -> Handoff:
    return services.handoffs.find("okura")[0]


def test_the_whole_way_of_a_case(browser: OpenBrowser, services: Services, case: Handoff) -> None:
    clerk = browser(CLERK)
    assert "担当者と話したい" in clerk.get(QUEUE).text
    claimed = clerk.post(f"/staff/okura/cases/{case.id}/claim")
    assert (claimed.status_code, claimed.headers["location"]) == (303, "/staff/okura/conversations/c1")
    refused = browser(MANAGER).post(f"/staff/okura/cases/{case.id}/claim")
    assert refused.status_code == 409
    assert "さんが担当しています" in refused.text
    assert clerk.post(f"/staff/okura/cases/{case.id}/release").headers["location"] == QUEUE
    assert case_now(services).status == "waiting"
    clerk.post("/staff/okura/conversations/c1/say", {"text": "はい", "key": "k1"})
    assert case_now(services).status == "claimed"
    assert clerk.post(f"/staff/okura/cases/{case.id}/finish", {"word": "では", "seen": "2"}).status_code == 303
    assert case_now(services).status == "closed"


@pytest.mark.parametrize(
    "query",
    [
        "?mine=yes&waiting=yes&week=yes&late=yes",
        "?kind=nonsense&store=x&channel=y",
        "?cases_before=-1&request_before=nothing",
        "?cases_before=99999999999999999999",
        "?kind=" + "x" * 5000,
        "?mine=%00",
        "?mine=1&mine=2",
    ],
)
def test_no_filter_breaks_the_queue(browser: OpenBrowser, case: Handoff, query: str) -> None:
    assert browser(CLERK).get(QUEUE + query).status_code in (200, 404)
    assert browser(CLERK).get(f"{QUEUE}/rows{query}").status_code in (200, 404)


def test_the_list_alone_has_no_page_around_it(browser: OpenBrowser, case: Handoff) -> None:
    rows = browser(CLERK).get(f"{QUEUE}/rows").text
    assert f"row-{case.id}" in rows
    assert "<html" not in rows
    assert 'data-waiting="1"' in rows


def test_a_search_escapes_and_finds(browser: OpenBrowser, services: Services) -> None:
    with services.store.transaction() as tx:
        tx.requests.add(data_subject_request(claimant={"name": "<b>山田</b>"}))
    seen = browser(AUDITOR)
    found = seen.post(f"{QUEUE}/search", {"text": "<b>山田</b>"})
    assert found.status_code == 200
    assert "OK-r1" in found.text
    assert "<b>山田" not in found.text
    assert "OK-r1" not in browser(ELSEWHERE).post("/staff/kagoshima/queue/search", {"text": "<b>山田</b>"}).text


@pytest.mark.parametrize("case_id", ["nothing", "x" * 5000, "..", "%2e%2e"])
def test_a_case_that_is_not_there_is_not_found(browser: OpenBrowser, case_id: str) -> None:
    assert browser(CLERK).post(f"/staff/okura/cases/{case_id}/claim").status_code == 404


def test_another_companys_case_is_not_found(browser: OpenBrowser, services: Services, case: Handoff) -> None:
    stranger = browser(ELSEWHERE)
    for act in ("claim", "release", "assign", "finish"):
        answer = stranger.post(f"/staff/kagoshima/cases/{case.id}/{act}", {"to": "x"})
        assert answer.status_code == 404, act
    for place in ("", "/messages", "/state"):
        assert stranger.get(f"/staff/kagoshima/conversations/c1{place}").status_code == 404
    for act in ("say", "note", "begin"):
        sent = {"text": "x", "note": "x"}
        assert stranger.post(f"/staff/kagoshima/conversations/c1/{act}", sent).status_code == 404
    with services.store.transaction() as tx:
        tx.requests.add(data_subject_request())
    for watched in ("conversation=c1", "request=r1"):
        assert stranger.get(f"/staff/kagoshima/live?{watched}").status_code == 404
    assert case_now(services).status == "waiting"


def test_who_was_slower_sees_the_queue_and_who_was_faster(browser: OpenBrowser, case: Handoff) -> None:
    manager = browser(MANAGER)
    browser(CLERK).post(f"/staff/okura/cases/{case.id}/claim")
    late = manager.post(f"/staff/okura/cases/{case.id}/claim")
    assert late.status_code == 409
    assert "佐藤さんが担当しています" in late.text
    assert f'id="row-{case.id}"' in late.text


def test_a_colleagues_case_is_shown_without_a_field_to_answer(browser: OpenBrowser, case: Handoff) -> None:
    manager, page = browser(MANAGER), "/staff/okura/conversations/c1"
    assert 'id="compose"' in manager.get(page).text
    browser(CLERK).post(f"/staff/okura/cases/{case.id}/claim")
    held = manager.get(page).text
    assert 'id="compose"' not in held
    assert 'id="finish"' not in held
    assert "佐藤さんが担当しています" in held
    assert 'id="compose"' in browser(CLERK).get(page).text


def test_a_case_that_the_bot_keeps_ends_without_a_word_to_the_customer(
    browser: OpenBrowser, services: Services
) -> None:
    with services.store.transaction() as tx:
        tx.conversations.add(conversation("c2"))
    services.handoffs.note("c2", services.companies.get("okura"), HandoffReason.PICTURE, "m2")
    page = browser(CLERK).get("/staff/okura/conversations/c2").text
    assert "見たので終わる" in page
    assert "最後のひとこと" not in page
    assert "担当者とのお話は、ここまで" not in page


def test_a_row_says_since_when_its_customer_waits(browser: OpenBrowser, case: Handoff, clock: FixedClock) -> None:
    clerk = browser(CLERK)
    assert "たった今" in clerk.get(QUEUE).text
    clock.advance(minutes=7)
    page = clerk.get(QUEUE).text
    assert "たった今" not in page
    assert "7分前から" in page


def test_a_row_says_what_its_customer_asked_about(browser: OpenBrowser, services: Services, case: Handoff) -> None:
    assert "ご質問" not in browser(CLERK).get("/staff/okura/queue").text
    with services.store.transaction() as tx:
        thread = tx.conversations.get(case.conversation)
        assert thread is not None
        tx.conversations.save(replace(thread, last_topics=("joint_use_parties", "cookies")))
    page = browser(CLERK).get("/staff/okura/queue").text
    assert f"ご質問：{topic_label('joint_use_parties')}、{topic_label('cookies')}" in page


def test_a_note_kept_by_a_script_leaves_the_page_as_it_is(browser: OpenBrowser, case: Handoff) -> None:
    clerk, scripted = browser(CLERK), {"HX-Request": "true"}
    part = clerk.post("/staff/okura/conversations/c1/note", {"note": "折り返す<b>", "key": "k1"}, headers=scripted)
    assert part.status_code == 200
    assert "折り返す&lt;b&gt;" in part.text
    assert 'id="notes"' in part.text
    assert "<html" not in part.text
    plain = clerk.post("/staff/okura/conversations/c1/note", {"note": "二つ目", "key": "k2"})
    assert plain.headers["location"] == "/staff/okura/conversations/c1"


def test_what_couldnt_be_sent_isnt_lost(browser: OpenBrowser, case: Handoff) -> None:
    manager = browser(MANAGER)
    browser(CLERK).post(f"/staff/okura/cases/{case.id}/claim")
    refused = manager.post("/staff/okura/conversations/c1/say", {"text": "長い下書きの返事", "key": "k1"})
    assert refused.status_code == 409
    assert "長い下書きの返事" in refused.text


def test_an_answer_without_a_script_leads_back_and_with_one_gives_an_empty_form(
    browser: OpenBrowser, case: Handoff
) -> None:
    clerk = browser(CLERK)
    plain = clerk.post("/staff/okura/conversations/c1/say", {"text": "はい", "key": "k1"})
    assert plain.headers["location"] == "/staff/okura/conversations/c1"
    part = clerk.post(
        "/staff/okura/conversations/c1/say", {"text": "はい", "key": "k2"}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200
    assert 'id="compose"' in part.text
    assert "<html" not in part.text


def test_only_what_is_new_is_given_to_an_open_page(browser: OpenBrowser, case: Handoff) -> None:
    clerk = browser(CLERK)
    for number in range(3):
        clerk.post("/staff/okura/conversations/c1/say", {"text": f"その{number}", "key": f"k{number}"})
    part = clerk.get("/staff/okura/conversations/c1/messages?seen=2").text
    assert "その2" in part
    assert "その1" not in part
    assert 'value="3"' in part
    for odd in ("", "-1", "x", "9" * 30):
        assert "その0" in clerk.get(f"/staff/okura/conversations/c1/messages?seen={odd}").text


def test_a_clause_is_found_and_nothing_else(browser: OpenBrowser, case: Handoff) -> None:
    clerk = browser(CLERK)
    assert "7.(1)" in clerk.get("/staff/okura/conversations/c1/clauses?q=共同利用").text
    assert "合う条文はありません" in clerk.get("/staff/okura/conversations/c1/clauses?q=<b>ゾウ</b>").text
    assert "<b>" not in clerk.get("/staff/okura/conversations/c1/clauses?q=<b>ゾウ</b>").text
    assert clerk.get("/staff/okura/conversations/c1/clauses").status_code == 200


def test_without_line_the_quota_is_unknown(browser: OpenBrowser, case: Handoff) -> None:
    assert "いまわかりません" in browser(CLERK).get("/staff/okura/conversations/c1/quota").text


def test_the_words_of_everything_that_a_bot_understands_are_there(services: Services) -> None:
    words = CaseWords(services.phrases)
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for intent in domain["intents"]:
        name = intent if isinstance(intent, str) else next(iter(intent))
        assert words.understood({"intent": name, "confidence": 0.5, "topics": []}).endswith(" 50%")
    assert words.understood({"intent": "ask_policy", "confidence": 1, "topics": ["cookies"]}).startswith("方針の質問（")
    assert {kind for kind, _ in words.kinds()} >= {reason.value for reason in HandoffReason}
