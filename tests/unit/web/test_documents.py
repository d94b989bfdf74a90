"""A link to a disclosed record: once, in time, with a fresh code to the contact on file, and nothing by Referer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.bootstrap import build_services
from bot.errors import NotFound
from bot.privacy.statuses import IdentityStatus, Status
from bot.services.decisions import Decision, DecisionRefused
from bot.services.records import DataSubjectRequest
from bot.settings import Settings
from bot.web.documents import Documents
from bot.web.entrance import Entrance
from tests.conftest import SECRET, FixedClock
from tests.hanako import HANAKO
from tests.records import NOW, suppression
from tests.unit.console.request_desk import RequestDesk

DONE = Decision(Status.FULFILLED, "電子データでお渡しします。", despite="済み")


class Reader:
    """The customer's browser and mailbox."""

    def __init__(self, desk: RequestDesk) -> None:
        self.desk, services = desk, desk.services
        pages = Documents(services.document_delivery, services.phrases, services.clock)
        self.client = TestClient(Entrance(Starlette(routes=pages.routes()), tls=False))

    def fulfilled(self, **more: Any) -> DataSubjectRequest:
        """A disclosure that was decided."""
        self.desk.four_eyes(False)
        request = self.desk.opened(**more)
        return self.desk.services.decisions.decide(request.id, DONE, "s1")

    def link(self, request: DataSubjectRequest) -> str:
        """The address that the customer got by e-mail."""
        self.desk.services.disclosures.send_link(request.id, "s1")
        [text] = [text for recipient, text in self.desk.mails() if "/documents/" in text and recipient == HANAKO.email]
        found = re.search(r"http\S+(/documents/\S+)", text)
        assert found
        return found[1]

    def code(self, link: str) -> str:
        """Ask for a code and read it."""
        assert "確認コードをお送りしました" in self.client.post(link, data={"do": "send"}).text
        codes = [found[1] for _, text in self.desk.mails() if (found := re.search(r"^(\d{8})$", text, re.MULTILINE))]
        return codes[-1]

    def fetch(self, link: str, code: str) -> Any:
        return self.client.post(link, data={"do": "fetch", "code": code})


@pytest.fixture
def reader(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Reader]:
    services = build_services(Settings(var_dir=tmp_path, secret_key=SECRET, database_url=sqlite_url), clock)
    yield Reader(RequestDesk(services))
    services.store.close()


def test_the_record_is_fetched_once_with_a_fresh_code(reader: Reader) -> None:
    request = reader.fulfilled()
    link = reader.link(request)
    for _ in range(3):  # A program that checks e-mails opens links too.
        assert "有限会社大蔵自動車" in reader.client.get(link).text
    code = reader.code(link)
    answer = reader.fetch(link, code)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="disclosure-{request.receipt}.html"'
    for words in ("髙橋 花子", "090-1234-5678", "山形 500 あ 12-34", request.receipt):
        assert words in answer.text
    for again in (reader.client.get(link), reader.fetch(link, code), reader.client.post(link, data={"do": "send"})):
        assert (again.status_code, "使えません" in again.text) == (404, True)
    with reader.desk.services.store.transaction() as tx:
        actions = [record.action for record in tx.audit.records(f"request:{request.id}")]
    assert actions[-2:] == ["request.link_made", "request.link_used"]


def test_without_the_right_code_nothing_is_given(reader: Reader) -> None:
    link = reader.link(reader.fulfilled())
    assert reader.fetch(link, "12345678").status_code == 403
    code = reader.code(link)
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for _ in range(5):
        answer = reader.fetch(link, wrong)
        assert (answer.status_code, "髙橋" in answer.text) == (403, False)
    # The code's attempts are used up: the right one is as good as a wrong one.
    assert reader.fetch(link, code).status_code == 403


def test_a_code_of_one_link_opens_no_other(reader: Reader, clock: FixedClock) -> None:
    first = reader.link(reader.fulfilled())
    code = reader.code(first)
    with reader.desk.services.store.transaction() as tx:
        for message in tx.outbox.find("waiting"):
            tx.outbox.mark_sent(message.id, clock.now())
    second = reader.link(reader.fulfilled())
    assert reader.fetch(second, code).status_code == 403


def test_a_link_lives_72_hours(reader: Reader, clock: FixedClock) -> None:
    link = reader.link(reader.fulfilled())
    clock.advance(hours=71, minutes=59)
    assert reader.client.get(link).status_code == 200
    clock.advance(minutes=1)
    assert reader.client.get(link).status_code == 404


def test_a_guessed_link_is_like_a_used_one(reader: Reader) -> None:
    for secret in ("x", "x" * 43, "%00", "..%2f..", "documents"):
        for answer in (
            reader.client.get(f"/documents/{secret}"),
            reader.client.post(f"/documents/{secret}", data={"do": "send"}),
        ):
            assert answer.status_code == 404


def test_a_long_form_is_refused_unread(reader: Reader) -> None:
    link = reader.link(reader.fulfilled())
    assert reader.client.post(link, data={"do": "fetch", "code": "1" * 2000}).status_code == 413


def test_nothing_leaks_by_referer_cache_or_frame(reader: Reader) -> None:
    page = reader.client.get(reader.link(reader.fulfilled()))
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert re.findall(r'(?:href|src|action)="([^"]+)"', page.text) == ["/documents/documents.css"]
    assert reader.client.get("/documents/documents.css").headers["content-type"].startswith("text/css")


def test_only_the_hash_of_a_link_is_kept(reader: Reader) -> None:
    secret = reader.link(reader.fulfilled()).removeprefix("/documents/")
    with reader.desk.services.store.session() as session:
        rows = session.connection.exec_driver_sql("SELECT * FROM document_links").all()
    assert len(rows) == 1
    assert secret not in str(rows)


def test_no_link_before_the_decision_or_to_nobody(reader: Reader, clock: FixedClock) -> None:
    disclosures = reader.desk.services.disclosures
    with pytest.raises(DecisionRefused):
        disclosures.send_link(reader.desk.opened().id, "s1")
    with pytest.raises(DecisionRefused):
        disclosures.send_link(reader.desk.opened(identity=IdentityStatus.MANUAL).id, "s1")
    with pytest.raises(NotFound):
        disclosures.send_link(reader.desk.opened("erasure").id, "s1")
    done = reader.fulfilled()
    for changed in ({"email": ""}, {"contact_changed_at": clock.now()}):
        with reader.desk.services.store.transaction() as tx:
            tx.customers.save_many([replace(HANAKO, **changed)])
        with pytest.raises(DecisionRefused):
            disclosures.send_link(done.id, "s1")


def test_the_record_holds_requests_and_stops(reader: Reader) -> None:
    request = reader.fulfilled()
    with reader.desk.services.store.transaction() as tx:
        tx.suppressions.add(suppression("s1", contact=HANAKO.email, since=NOW))
        tx.suppressions.add(suppression("s2", contact="other@example.jp"))
    register, requests, stops = reader.desk.services.disclosures.show(request.id, "s1")
    assert ("お名前", "髙橋 花子") in register.rows
    assert [request.receipt in words for _, words in requests.rows] == [True]
    assert [words for _, words in stops.rows] == ["hanako@example.jp（メール）：ご案内"]


def test_markup_in_the_register_stays_text(reader: Reader) -> None:
    with reader.desk.services.store.transaction() as tx:
        tx.customers.save_many([replace(HANAKO, address="<img src=x onerror=alert(1)>")])
    link = reader.link(reader.fulfilled())
    assert "&lt;img src=x" in reader.fetch(link, reader.code(link)).text
