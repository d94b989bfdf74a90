from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.delivery.files import EmailFiles, SmsFiles
from bot.delivery.registry import build_senders
from bot.delivery.sms import TwilioSender
from bot.delivery.smtp import SmtpSender
from bot.errors import SettingError
from bot.settings import Settings

TWILIO = {"twilio_account_sid": "AC1", "twilio_auth_token": "token", "twilio_from": "+81312345678"}


@pytest.mark.parametrize(
    ("settings", "email", "sms"),
    [
        ({}, EmailFiles, SmsFiles),
        ({"smtp_url": "smtps://mail.example"}, SmtpSender, SmsFiles),
        (TWILIO, EmailFiles, TwilioSender),
    ],
)
def test_settings_choose_the_way_out(settings: dict[str, Any], email: type, sms: type, tmp_path: Path) -> None:
    senders = build_senders(Settings(var_dir=tmp_path, **settings), str, {}.get)
    assert isinstance(senders["email"], email)
    assert isinstance(senders["sms"], sms)


@pytest.mark.parametrize("missing", ["twilio_auth_token", "twilio_from"])
def test_half_a_provider_stops_the_start(missing: str) -> None:
    with pytest.raises(SettingError, match="TWILIO_AUTH_TOKEN and TWILIO_FROM"):
        build_senders(Settings(**{**TWILIO, missing: ""}), str, {}.get)
