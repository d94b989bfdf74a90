"""Real servers on loopback, and a stand-in for Twilio's HTTP."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from requests import ConnectionError as NoConnection
from twilio.http import HttpClient
from twilio.http.response import Response

LOOPBACK = "127.0.0.1"


class Inbox:
    """What a mail server got, and what it is told to answer."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.answers: dict[str, str] = {}
        self.drop_at_data = False

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.drop_at_data:
            server.transport.abort()
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.envelopes.append(envelope)
        return "250 OK"

    def authenticate(self, server: SMTP, session: Any, envelope: Envelope, mechanism: str, login: Any) -> AuthResult:
        assert isinstance(login, LoginPassword)
        self.logins.append((login.login, login.password))
        right = login.password == b"p@ss word"
        return AuthResult(success=right, handled=right)


class TwilioServer(HttpClient):
    """Stand in for Twilio's HTTP: note what was asked, answer what the test says."""

    def __init__(self, status: int = 201, answer: dict[str, Any] | None = None) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status = status
        self.answer = answer or {"sid": "SM1", "status": "queued"}

    def request(self, method: str, url: str, **more: Any) -> Response:
        if self.status == 0:
            raise NoConnection("refused")
        self.asked.append({"method": method, "url": url, **more})
        return Response(self.status, json.dumps(self.answer))


@asynccontextmanager
async def mail_server(inbox: Inbox, tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[int]:
    """Serve on a free port; with `tls` from the first byte."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(inbox, hostname="mail.test", authenticator=inbox.authenticate, **options), LOOPBACK, 0, ssl=tls
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def smtp_port(inbox: Inbox) -> AsyncIterator[int]:
    async with mail_server(inbox) as port:
        yield port


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for loopback that only a client told so trusts; the key is in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(timezone.utc)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "loopback.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def client_tls(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


@pytest.fixture
def company_name() -> Callable[[str], str]:
    return {"okura": "有限会社大蔵自動車", "kagoshima": "鹿児島日産自動車株式会社"}.__getitem__
