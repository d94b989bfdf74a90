import re

import pytest

from bot.services.receipts import new_receipt, read_receipt


def test_a_receipt_is_60_random_bits_in_letters_that_nobody_misreads():
    made = {new_receipt("okura") for _ in range(2000)}
    assert len(made) == 2000
    assert all(re.fullmatch("OK(-[0-9A-HJKMNP-TV-Z]{4}){3}", receipt) for receipt in made)


def test_every_company_id_gives_two_letters():
    assert new_receipt("a-1").startswith("AX-")
    assert new_receipt("kagoshima").startswith("KA-")


@pytest.mark.parametrize(
    "text",
    [
        "OK-7F3K-9M2Q-10AB",
        "ok－7f3k－9m2q－10ab の状況",
        "受付番号OK-7F3K-9M2Q-10ABです",
        "OK - 7F3K - 9M2Q - IOAB",
        "ＯＫ－７Ｆ３Ｋ－９Ｍ２Ｑ－１０ＡＢ",
    ],
)
def test_it_is_read_however_typed(text):
    assert read_receipt(text) == "OK-7F3K-9M2Q-10AB"


@pytest.mark.parametrize("text", ["", "OK-7F3K", "090-1234-5678", "OK-7F3K-9M2Q-10ABC"])
def test_what_is_none(text):
    assert read_receipt(text) is None
