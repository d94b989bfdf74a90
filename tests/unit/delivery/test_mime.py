from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage

import pytest

from bot.delivery.mime import build_email, envelope_address, key_digest
from bot.delivery.sender import DeliveryError
from bot.services.records import OutboundMessage
from tests.records import outbound

SENDER = "madoguchi@desk.example"
COMPANY = "有限会社大蔵自動車"


def read(message: OutboundMessage, company: str = COMPANY) -> EmailMessage:
    parsed = email.message_from_bytes(build_email(message, SENDER, company), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_a_japanese_mail_comes_out_as_it_went_in() -> None:
    text = "12345678\n\n髙﨑𠮷様\n" + "長い行" * 200 + "\n.\nFrom here\n"
    mail = read(outbound(subject="【確認番号】ご本人確認のための番号のお知らせ（十分間だけ有効です）", text=text))
    assert mail["Subject"] == "【確認番号】ご本人確認のための番号のお知らせ（十分間だけ有効です）"
    assert mail["From"].addresses[0].display_name == COMPANY
    assert mail["From"].addresses[0].addr_spec == SENDER
    assert mail["To"].addresses[0].addr_spec == "hanako@example.jp"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert mail.get_content() == text.replace("\n", "\r\n")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.isoformat() == "2026-06-02T10:00:00+09:00"


def test_it_is_ascii_in_short_lines() -> None:
    raw = build_email(outbound(subject="番号" * 50, text="あ" * 5000), SENDER, COMPANY * 4)
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_every_try_of_a_message_is_the_same_mail() -> None:
    first = build_email(outbound(), SENDER, COMPANY)
    again = build_email(replace(outbound(), tries=3, last_error="451"), SENDER, COMPANY)
    assert again == first
    assert read(outbound())["Message-ID"] == f"<{key_digest(outbound())}@desk.example>"


def test_another_cause_is_another_mail_and_tells_nothing_of_the_key() -> None:
    assert read(outbound(key="a"))["Message-ID"] != read(outbound(key="b"))["Message-ID"]
    assert "hanako" not in read(outbound(key="code:hanako"))["Message-ID"]


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\u2028", "\x00", "\x85"])
def test_no_header_hides_in_another(newline: str) -> None:
    injected = f"お知らせ{newline}Bcc: thief@example.jp{newline}{newline}Body"
    mail = read(outbound(subject=injected), company=injected)
    assert mail["Bcc"] is None
    assert set(mail.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    assert mail.get_content() == "12345678\r\n"


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "hanako",
        "@example.jp",
        "hanako@",
        "a@example.jp,b@example.jp",
        "a@example.jp b@example.jp",
        "a@example.jp\r\nBcc: b@example.jp",
        "a@example.jp\n",
        "<a@example.jp>",
        "花子@example.jp",
        "a@例え.jp",
        "a@example..jp",
        "a@[127.0.0.1]",
        '"a b"@example.jp',
        "a" * 65 + "@example.jp",
    ],
)
def test_what_is_no_single_address_is_refused_for_good(recipient: str) -> None:
    with pytest.raises(DeliveryError, match="no e-mail address") as refusal:
        build_email(outbound(recipient=recipient), SENDER, COMPANY)
    assert refusal.value.permanent


@pytest.mark.parametrize("local", ["a..b", "a.", ".a", "-a", "a_b+c", "o'hara"])
def test_the_odd_names_of_mobile_carriers_are_reached(local: str) -> None:
    mail = read(outbound(recipient=f"{local}@docomo.example"))
    assert mail["To"].addresses[0].username == local
    odd = ".." in local or local.startswith(".") or local.endswith(".")
    assert envelope_address(f"{local}@docomo.example") == (f'"{local}"' if odd else local) + "@docomo.example"


def test_what_no_mailer_takes_is_left_out() -> None:
    assert read(outbound(text="a\x00b\udc80c\x1b[31m")).get_content() == "abc[31m\r\n"
