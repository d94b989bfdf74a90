"""Which way out serves which kind of message, by the settings."""

from __future__ import annotations

from collections.abc import Callable

from bot.delivery.files import EmailFiles, SmsFiles
from bot.delivery.line import LinePusher
from bot.delivery.sender import Sender
from bot.delivery.smtp import SmtpSender, SmtpServer
from bot.errors import SettingError
from bot.services.machines import KIND as WEBHOOK
from bot.services.records import Machine
from bot.services.webhook_targets import WebhookRules
from bot.settings import Settings


def build_senders(
    settings: Settings, company_name: Callable[[str], str], machine_of: Callable[[str], Machine | None]
) -> dict[str, Sender]:
    """Choose; raise SettingError for an incomplete provider. Names and machines are looked up by their ids."""
    # Imported here: a third of a second for a library that no other command of the command line uses.
    from bot.delivery.webhooks import WebhookSender

    return {
        "email": _email(settings, company_name),
        "sms": _sms(settings),
        "line": LinePusher(settings.line_api_base),
        WEBHOOK: WebhookSender(machine_of, WebhookRules.of(settings)),
    }


def _email(settings: Settings, company_name: Callable[[str], str]) -> Sender:
    if settings.smtp_url:
        return SmtpSender(SmtpServer.of_url(settings.smtp_url), settings.mail_from, company_name)
    return EmailFiles(settings.var_dir / "outbox", settings.mail_from, company_name)


def _sms(settings: Settings) -> Sender:
    if not settings.twilio_account_sid:
        return SmsFiles(settings.var_dir / "outbox")
    if not settings.twilio_auth_token or not settings.twilio_from:
        raise SettingError("TWILIO_ACCOUNT_SID is set, so TWILIO_AUTH_TOKEN and TWILIO_FROM must be too")
    # Imported here: half a second for a library that most desks don't use.
    from bot.delivery.sms import TwilioSender

    return TwilioSender(settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_from)
