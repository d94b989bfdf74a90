from datetime import date

import pytest

from bot.privacy.japanese_dates import read_date, show_date, show_day


@pytest.mark.parametrize(
    "text",
    [
        "昭和60年3月1日",
        "昭和六十年三月一日",
        "しょうわ60ねん3がつ1にち",
        "ｼｮｳﾜ６０ﾈﾝ３ｶﾞﾂ１ﾆﾁ",
        "S60.3.1",
        "ｓ６０．３．１",
        "S.60.3.1",
        "S600301",
        "昭60.3.1",
        "昭６０／３／１",
        "昭和600301",
        "1985,3,1",
        "1985/3/1",
        "１９８５年３月１日",
        "1985-03-01",
        "19850301",
        "1985ー3ー1",
        "生年月日は1985年3月1日です",
    ],
)
def test_reads_what_customers_write(text):
    assert read_date(text) == date(1985, 3, 1)


def test_first_year_of_an_era():
    assert read_date("令和元年5月1日") == date(2019, 5, 1)
    assert read_date("平成元年1月8日") == date(1989, 1, 8)


@pytest.mark.parametrize(
    "text", ["", "昭和60年", "60/3/1", "60年3月1日", "OK-S600301", "1985/2/30", "090-1234-5678", "山形 500 あ 12-34"]
)
def test_refuses_what_is_no_date(text):
    assert read_date(text) is None


def test_shows_the_weekday():
    assert show_date(date(2026, 12, 6)) == "2026年12月6日（日）"
    assert show_day(date(2026, 12, 7)) == "12月7日（月）"
