"""E-mail by SMTP."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from bot.delivery.mime import build_email, envelope_address
from bot.delivery.sender import DeliveryError
from bot.errors import SettingError
from bot.services.records import OutboundMessage

TIMEOUT_S = 15
"""For each step of a dialogue with the server."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class SmtpServer:
    """Where a mail server is and how it wants to be spoken to."""

    host: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    implicit_tls: bool
    starttls: bool

    @classmethod
    def of_url(cls, url: str) -> SmtpServer:
        """Read SMTP_URL: `smtps://` is TLS from the start, `smtp://` insists on STARTTLS unless the host is this one.

        `smtp://host?starttls=no` sends in clear, for a relay in the same private network.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError as error:
            raise SettingError(f"SMTP_URL has a bad port: {error}") from error
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise SettingError("SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host")
        implicit = parts.scheme == "smtps"
        clear = parts.hostname in LOOPBACK or parse_qs(parts.query).get("starttls") == ["no"]
        return cls(
            host=parts.hostname,
            port=port or (465 if implicit else 587),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            implicit_tls=implicit,
            starttls=not implicit and not clear,
        )


class SmtpSender:
    """Send e-mails through one server, a connection each: few and far between is what they are."""

    def __init__(
        self,
        server: SmtpServer,
        sender: str,
        company_name: Callable[[str], str],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Keep `tls` None for the certificates that this machine trusts."""
        self._server = server
        self._sender = sender
        self._company_name = company_name
        self._tls = tls

    async def send(self, message: OutboundMessage) -> None:
        """Hand over to the server; its 5xx to the message is permanent, anything else may pass."""
        email = build_email(message, self._sender, self._company_name(message.company))
        try:
            await self._hand_over(email, envelope_address(message.recipient))
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients[0]) from None
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            raise _refused(error) from None
        except aiosmtplib.SMTPResponseException as error:
            # Greeting, TLS and login are about the server's state or our settings, which can be mended.
            raise DeliveryError(f"the mail server answered {error.code}") from None
        except (aiosmtplib.SMTPException, asyncio.TimeoutError, OSError) as error:
            raise DeliveryError(f"the mail server does not answer: {type(error).__name__}") from None

    async def _hand_over(self, email: bytes, recipient: str) -> None:
        server = self._server
        await aiosmtplib.send(
            email,
            sender=envelope_address(self._sender),
            recipients=[recipient],
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.implicit_tls,
            start_tls=server.starttls,
            tls_context=self._tls,
            timeout=TIMEOUT_S,
        )


def _refused(error: aiosmtplib.SMTPResponseException) -> DeliveryError:
    return DeliveryError(f"the mail server refused the message: {error.code}", permanent=error.code >= 500)
