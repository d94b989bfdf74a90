from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.contacts import fold_contact, normalise_email, normalise_phone, show_phone


@pytest.mark.parametrize(
    "number",
    [
        "090-1234-5678",
        "09012345678",
        "０９０－１２３４－５６７８",
        "090 1234 5678",
        "+81 90-1234-5678",
        "(090)1234-5678",
    ],
)
def test_a_phone_number_becomes_e164(number: str) -> None:
    assert normalise_phone(number) == "+819012345678"
    assert fold_contact(number) == "+819012345678"


def test_landlines_and_foreign_numbers_too() -> None:
    assert normalise_phone("0233-75-3111") == "+81233753111"
    assert normalise_phone("0120-49-5523") == "+81120495523"
    assert normalise_phone("090-0000-0001") == "+819000000001"
    assert normalise_phone("03-0000-0000") == "+81300000000"
    assert normalise_phone("+84 24 3936 9316") == "+842439369316"


@pytest.mark.parametrize("text", ["", "123", "090-1234", "電話番号", "12345678901234567890", "hanako@example.jp"])
def test_what_is_no_phone_number(text: str) -> None:
    assert normalise_phone(text) is None


def test_an_email_address_is_normalised() -> None:
    assert normalise_email(" Ｈanako@Example.JP ") == "hanako@example.jp"
    assert normalise_email("a..b.@docomo.ne.jp") == "a..b.@docomo.ne.jp"


@pytest.mark.parametrize(
    "text", ["", "hanako", "a@b", "@example.jp", "a b@example.jp", "a@example.jp,b@example.jp", "<a@b.jp>"]
)
def test_what_is_no_email_address(text: str) -> None:
    assert normalise_email(text) is None


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Hanako@Example.JP", "hanako@example.jp"),
        ("山形 500 あ 12-34", "山形500あ1234"),
        ("品川 30A さ 1", "品川30Aさ1"),
        ("山形県新庄市本町 1-2-3", "新庄市本町1-2-3"),
        ("本町12番3", "本町12-3"),
        ("U0123abc", "u0123abc"),
        ("123", "123"),
        ("", ""),
    ],
)
def test_whatever_reaches_a_person_is_folded_by_its_kind(written: str, folded: str) -> None:
    assert fold_contact(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold_contact(fold_contact(text)) == fold_contact(text)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+819012345678", "090-1234-5678"),
        ("+81233753111", "0233-75-3111"),
        ("+842439369316", "+84 24 3936 9316"),
    ],
)
def test_a_number_is_shown_as_its_owner_writes_it(number: str, shown: str) -> None:
    assert show_phone(number) == shown
    assert normalise_phone(shown) == number
