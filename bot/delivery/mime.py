"""E-mails as Japanese mailers, old ones too, read them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime

from bot.delivery.sender import DeliveryError
from bot.privacy.due_dates import JST
from bot.services.records import OutboundMessage

_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")


def build_email(message: OutboundMessage, sender: str, company_name: str, *, to_read: bool = False) -> bytes:
    """Make the e-mail of a message, the same bytes at every try; raise DeliveryError for an impossible recipient.

    For servers it is ASCII with SMTP's line ends; `to_read` is for files, whose body a person can read as it is.
    """
    email = EmailMessage(policy=default if to_read else SMTP)
    email["From"] = Address(_one_line(company_name), addr_spec=envelope_address(sender))
    email["To"] = envelope_address(message.recipient)
    email["Subject"] = _one_line(message.subject)
    email["Date"] = format_datetime(message.created_at.astimezone(JST))
    email["Message-ID"] = f"<{key_digest(message)}@{sender.rpartition('@')[2]}>"
    # RFC 3834: an absence note must not answer a machine.
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(_text(message.text), charset="utf-8", cte="8bit" if to_read else "base64")
    return email.as_bytes()


def key_digest(message: OutboundMessage) -> str:
    """A name for a message that is the same at every try and tells nothing."""
    return hashlib.sha256(message.key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def envelope_address(mailbox: str) -> str:
    """An address as SMTP and headers take it, read by a narrow pattern so that nothing else hides in it.

    Mobile carriers once gave out names like `a..b.`, which the standard wants quoted.
    """
    local, _, domain = mailbox.rpartition("@")
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise DeliveryError("the recipient is no e-mail address", permanent=True)
    odd = local.startswith(".") or local.endswith(".") or ".." in local
    return f'"{local}"@{domain}' if odd else mailbox


def _one_line(text: str) -> str:
    return " ".join(_text(text).split())


def _text(text: str) -> str:
    """Without control characters and lone surrogates, which no mailer takes."""
    return "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
