from __future__ import annotations

import email
import email.policy
import socket
import ssl
from collections.abc import Callable

import pytest

from bot.delivery.mime import key_digest
from bot.delivery.sender import DeliveryError
from bot.delivery.smtp import SmtpSender, SmtpServer
from bot.errors import SettingError
from tests.records import outbound
from tests.unit.delivery.conftest import Inbox, mail_server

SENDER = "madoguchi@desk.example"
Names = Callable[[str], str]


def to(url: str, names: Names, tls: ssl.SSLContext | None = None) -> SmtpSender:
    return SmtpSender(SmtpServer.of_url(url), SENDER, names, tls)


async def failure(sender: SmtpSender) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        await sender.send(outbound())
    assert "hanako" not in str(raised.value)
    return raised.value


async def test_a_mail_arrives(inbox: Inbox, smtp_port: int, company_name: Names) -> None:
    await to(f"smtp://127.0.0.1:{smtp_port}", company_name).send(outbound())
    (envelope,) = inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["hanako@example.jp"])
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert mail["Subject"] == "確認番号のお知らせ"
    assert mail["From"].addresses[0].display_name == "有限会社大蔵自動車"
    assert mail.get_content() == "12345678\r\n"


async def test_a_repeat_has_the_same_message_id(inbox: Inbox, smtp_port: int, company_name: Names) -> None:
    for _ in range(2):
        await to(f"smtp://127.0.0.1:{smtp_port}", company_name).send(outbound())
    identifiers = {email.message_from_bytes(one.content)["Message-ID"] for one in inbox.envelopes}
    assert identifiers == {f"<{key_digest(outbound())}@desk.example>"}


async def test_a_carriers_odd_address_gets_through(inbox: Inbox, smtp_port: int, company_name: Names) -> None:
    await to(f"smtp://127.0.0.1:{smtp_port}", company_name).send(outbound(recipient="a..b.@docomo.example"))
    assert inbox.envelopes[0].rcpt_tos == ["a..b.@docomo.example"]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("code", "permanent"), [(550, True), (552, True), (421, False), (451, False)])
async def test_a_5xx_is_for_good_and_a_4xx_may_pass(
    inbox: Inbox, smtp_port: int, company_name: Names, command: str, code: int, permanent: bool
) -> None:
    inbox.answers[command] = f"{code} <hanako@example.jp> no"
    error = await failure(to(f"smtp://127.0.0.1:{smtp_port}", company_name))
    assert str(error) == f"the mail server refused the message: {code}"
    assert error.permanent is permanent
    assert inbox.envelopes == []


async def test_a_dropped_connection_may_pass(inbox: Inbox, smtp_port: int, company_name: Names) -> None:
    inbox.drop_at_data = True
    error = await failure(to(f"smtp://127.0.0.1:{smtp_port}", company_name))
    assert (str(error), error.permanent) == ("the mail server does not answer: SMTPServerDisconnected", False)


async def test_a_server_that_is_down_may_come_back(company_name: Names) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = await failure(to(f"smtp://127.0.0.1:{taken.getsockname()[1]}", company_name))
    assert (str(error), error.permanent) == ("the mail server does not answer: SMTPConnectError", False)


async def test_a_server_that_keeps_silent_is_given_up(company_name: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.smtp.TIMEOUT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = await failure(to(f"smtp://127.0.0.1:{silent.getsockname()[1]}", company_name))
    assert not error.permanent
    assert str(error).startswith("the mail server does not answer: ")


async def test_name_and_password_go_through_starttls(
    inbox: Inbox, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext, company_name: Names
) -> None:
    async with mail_server(inbox, tls_context=server_tls, require_starttls=True, auth_required=True) as port:
        server = SmtpServer("127.0.0.1", port, "desk@example.jp", "p@ss word", implicit_tls=False, starttls=True)
        await SmtpSender(server, SENDER, company_name, client_tls).send(outbound())
    assert inbox.logins == [(b"desk@example.jp", b"p@ss word")]
    assert len(inbox.envelopes) == 1


async def test_tls_from_the_first_byte(
    inbox: Inbox, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext, company_name: Names
) -> None:
    async with mail_server(inbox, tls=server_tls) as port:
        await to(f"smtps://127.0.0.1:{port}", company_name, client_tls).send(outbound())
    assert len(inbox.envelopes) == 1


async def test_nothing_goes_in_clear_where_starttls_is_missing(
    inbox: Inbox, smtp_port: int, company_name: Names
) -> None:
    server = SmtpServer("127.0.0.1", smtp_port, None, None, implicit_tls=False, starttls=True)
    error = await failure(SmtpSender(server, SENDER, company_name))
    assert not error.permanent
    assert inbox.envelopes == []


async def test_a_certificate_of_nobody_we_trust_is_refused(
    inbox: Inbox, server_tls: ssl.SSLContext, company_name: Names
) -> None:
    async with mail_server(inbox, tls=server_tls) as port:
        error = await failure(to(f"smtps://127.0.0.1:{port}", company_name))
    assert not error.permanent
    assert inbox.envelopes == []


async def test_a_refused_login_is_a_setting_that_can_be_mended(
    inbox: Inbox, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext, company_name: Names
) -> None:
    async with mail_server(inbox, tls=server_tls, auth_require_tls=False) as port:
        error = await failure(to(f"smtps://desk:wrong@127.0.0.1:{port}", company_name, client_tls))
    assert (str(error), error.permanent) == ("the mail server answered 535", False)


def test_the_url_says_how_to_speak_to_the_server() -> None:
    secret = SmtpServer.of_url("smtps://desk%40example.jp:p%40ss%20word@mail.example")
    assert secret == SmtpServer("mail.example", 465, "desk@example.jp", "p@ss word", True, False)
    assert SmtpServer.of_url("smtp://mail.example") == SmtpServer("mail.example", 587, None, None, False, True)
    assert SmtpServer.of_url("smtp://mail.example:25?starttls=no").starttls is False
    assert SmtpServer.of_url("smtp://127.0.0.1:25").starttls is False


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:port"])
def test_a_bad_url_is_a_setting_error(url: str) -> None:
    with pytest.raises(SettingError, match="SMTP_URL"):
        SmtpServer.of_url(url)


def test_the_password_is_not_shown() -> None:
    assert "p@ss" not in repr(SmtpServer.of_url("smtps://desk:p%40ss@mail.example"))
