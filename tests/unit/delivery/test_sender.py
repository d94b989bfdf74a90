"""What every way out owes the worker, tried on all of them."""

from __future__ import annotations

import email
import email.policy
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.files import EmailFiles, SmsFiles
from bot.delivery.sender import DeliveryError, Sender
from bot.delivery.sms import TwilioSender
from bot.delivery.smtp import SmtpSender, SmtpServer
from bot.services.records import OutboundMessage
from tests.records import outbound
from tests.unit.delivery.conftest import Inbox, TwilioServer, mail_server

TEXT = "確認番号\n\n12345678\n\n有限会社大蔵自動車"


@dataclass
class Way:
    """A way out with its other end."""

    sender: Sender
    message: OutboundMessage
    arrived: Callable[[], list[tuple[str, str]]]
    break_down: Callable[[], Any]


def read_mail(raw: bytes) -> tuple[str, str]:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    return mail["To"].addresses[0].addr_spec, str(mail.get_content()).replace("\r\n", "\n").strip()


def read_sms(raw: str) -> tuple[str, str]:
    head, _, text = raw.partition("\n\n")
    return head.removeprefix("To: "), text.strip()


@pytest.fixture(params=["email files", "sms files", "smtp", "twilio"])
async def way(
    request: pytest.FixtureRequest, tmp_path: Path, inbox: Inbox, company_name: Callable[[str], str]
) -> AsyncIterator[Way]:
    mail = outbound(text=TEXT)
    sms = replace(mail, kind="sms", recipient="+819012345678")
    folder, sender = tmp_path / "outbox", "madoguchi@desk.example"
    if request.param == "email files":
        files = EmailFiles(folder, sender, company_name)
        yield Way(files, mail, lambda: [read_mail(one.read_bytes()) for one in folder.glob("*.eml")], folder.touch)
    elif request.param == "sms files":
        texts = SmsFiles(folder)
        yield Way(texts, sms, lambda: [read_sms(one.read_text()) for one in folder.glob("*.txt")], folder.touch)
    elif request.param == "smtp":
        async with mail_server(inbox) as port:
            smtp = SmtpSender(SmtpServer.of_url(f"smtp://127.0.0.1:{port}"), sender, company_name)
            refuse = {"MAIL": "451 later"}
            arrived = lambda: [read_mail(one.content) for one in inbox.envelopes]  # noqa: E731
            yield Way(smtp, mail, arrived, lambda: inbox.answers.update(refuse))
    else:
        server = TwilioServer()
        twilio = TwilioSender("AC1", "token", "+81312345678", http=server)
        sent = lambda: [(one["data"]["To"], one["data"]["Body"]) for one in server.asked]  # noqa: E731
        yield Way(twilio, sms, sent, lambda: setattr(server, "status", 503))


async def test_the_text_reaches_its_recipient(way: Way) -> None:
    await way.sender.send(way.message)
    assert way.arrived() == [(way.message.recipient, TEXT)]


async def test_an_impossible_recipient_is_refused_for_good_and_gets_nothing(way: Way) -> None:
    for recipient in ("", "nobody", f"{way.message.recipient}\r\nBcc: thief@example.jp"):
        with pytest.raises(DeliveryError) as refusal:
            await way.sender.send(replace(way.message, recipient=recipient))
        assert refusal.value.permanent
    assert way.arrived() == []


async def test_what_is_down_may_come_back_and_keeps_the_recipient_to_itself(way: Way) -> None:
    way.break_down()
    with pytest.raises(DeliveryError) as failure:
        await way.sender.send(way.message)
    assert not failure.value.permanent
    assert way.message.recipient not in str(failure.value)
    assert "hanako" not in str(failure.value)
