import time

import pytest

from bot.privacy.masking import MASK, Sensitive, is_my_number, mask_sensitive

MY_NUMBER, CARD, MEDICAL = Sensitive.MY_NUMBER, Sensitive.CARD, Sensitive.MEDICAL


@pytest.mark.parametrize(
    ("written", "masked", "kind"),
    [
        ("123456789018", MASK, MY_NUMBER),  # Right by its check digit.
        ("番号は1234 5678 9012です", f"番号は{MASK}です", MY_NUMBER),  # Wrong by it, but grouped as on the card.
        ("マイナンバー 123456789012", f"マイナンバー {MASK}", MY_NUMBER),  # Wrong and ungrouped, but called so.
        ("１２３４－５６７８－９０１８", MASK, MY_NUMBER),
        ("4111 1111 1111 1111 で払った", f"{MASK} で払った", CARD),
        ("4111-1111-1111-1112", MASK, CARD),  # A slip of one digit still tells fifteen.
        ("３７８２ ８２２４６３ １０００５", MASK, CARD),
        ("VISA-4111-1111-1111-1111", f"VISA-{MASK}", CARD),
        ("カードは 12345678901234", f"カードは {MASK}", CARD),
        ("うつ病で通院しています", f"{MASK}で通院しています", MEDICAL),
        ("うつ病なんですが", f"{MASK}なんですが", MEDICAL),
        ("持病は糖尿病です", f"持病は{MASK}です", MEDICAL),
        ("病歴: 喘息", f"病歴: {MASK}", MEDICAL),
        ("母はがんで入院中です", f"母は{MASK}で入院中です", MEDICAL),
        ("すい臓癌と診断されました", f"{MASK}と診断されました", MEDICAL),
        ("障害者手帳があります", f"{MASK}があります", MEDICAL),
        ("HIVです", f"{MASK}です", MEDICAL),
    ],
)
def test_what_nobody_asked_for_is_masked(written: str, masked: str, kind: Sensitive) -> None:
    result = mask_sensitive(written)
    assert result.text == masked
    assert result.found == {kind}


@pytest.mark.parametrize(
    "harmless",
    [
        "電話は090-1234-5678です",
        "+81 90-1234-5678 です",
        "確認コードは 1234 5678 です",
        "注文番号 12345678901234",
        "受付番号は MD-1234-5678-9012 です",
        "2026年12月6日 12:34",
        "99-6021-2 大蔵村清水4022-2",
        "病気の情報も集めますか",
        "糖尿病の方は対象ですか",
        "うつ病の情報を集めていますか",
        "がんばっているのになかなか止まりません",
        "ひがんです",
        "障害者手帳の写しは要りますか",
        "がん保険の会社にも渡りますか",
        "",
    ],
)
def test_what_the_desk_needs_is_left_as_it_is(harmless: str) -> None:
    result = mask_sensitive(harmless)
    assert result.text == harmless
    assert result.found == frozenset()


def test_several_kinds_are_masked_and_the_rest_of_the_text_stays() -> None:
    # Given a message with a My Number, a card and an illness between ordinary words and a character of two units
    written = "㍻生まれ🙂123456789018、カード4111111111111111、糖尿病で入院。返事はメールで"
    # When it is masked
    result = mask_sensitive(written)
    # Then nothing else has changed
    assert result.text == f"㍻生まれ🙂{MASK}、カード{MASK}、{MASK}で入院。返事はメールで"
    assert result.found == {MY_NUMBER, CARD, MEDICAL}


def test_masking_twice_changes_nothing_more() -> None:
    once = mask_sensitive("マイナンバー 1234 5678 9018、うつ病です").text
    assert mask_sensitive(once).text == once
    assert mask_sensitive(once).found == frozenset()


@pytest.mark.parametrize(
    ("digits", "is_one"), [("123456789018", True), ("123456789012", False), ("000000000000", True)]
)
def test_the_check_digit_is_that_of_the_ordinance(digits: str, is_one: bool) -> None:
    assert is_my_number(digits) is is_one


def test_a_text_full_of_digits_takes_no_longer_than_its_length() -> None:
    began = time.process_time()
    mask_sensitive("1 " * 150_000)
    # Some tenths of a second; looking through the whole text at each number took ten.
    assert time.process_time() - began < 3
