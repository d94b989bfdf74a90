from __future__ import annotations

import pytest

from bot.privacy.redaction import redact_contact, redact_text


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("hanako.sato@example.jp", "h***@example.jp"),
        ("+819010000001", "***0001"),
        ("090-1000-0001", "***0001"),
        ("山形県みほん市架空町1-2-3", "山***"),
        ("@example.jp", "@example.jp"),
        ("", ""),
    ],
)
def test_a_contact_keeps_only_what_tells_it_apart(contact: str, shown: str) -> None:
    assert redact_contact(contact) == shown


def test_a_text_keeps_its_first_character() -> None:
    assert redact_text("佐藤 花子") == "佐***"
    assert redact_text("") == ""
