from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.services.csv_files import CsvFileError
from bot.services.mailing_lists import (
    BATCH,
    CheckedList,
    MailingListError,
    Means,
    Purpose,
    check_mailing_list,
    write_mailing_list,
)
from bot.storage.store import SqlStore
from tests.records import suppression

STOPPED = {
    "email": "stop@example.jp",
    "phone": "090-1234-5678",
    "sms": "090-1234-5678",
    "post": "山形県新庄市本町1-2-3",
    "line": "U0123abc",
}


@pytest.fixture(autouse=True)
def stopped(sqlite_store: SqlStore) -> None:
    with sqlite_store.transaction() as tx:
        for means, contact in STOPPED.items():
            tx.suppressions.add(suppression(means, contact=contact, means=means))


@pytest.fixture
def check(sqlite_store: SqlStore, tmp_path: Path):  # type: ignore[no-untyped-def]
    def checked(
        content: str,
        means: Means,
        purpose: Purpose = Purpose.MARKETING,
        company: str = "okura",
        encoding: str = "utf-8",
        columns: tuple[str, ...] = (),
    ) -> CheckedList:
        path = tmp_path / "list.csv"
        path.write_bytes(content.encode(encoding))
        return check_mailing_list(sqlite_store, path, company, means, purpose, columns)

    return checked


@pytest.mark.parametrize(
    ("means", "header", "written"),
    [
        (Means.EMAIL, "メールアドレス", "Stop@Example.jp"),
        (Means.PHONE, "電話番号", "０９０（１２３４）５６７８"),
        (Means.SMS, "携帯電話１", "+819012345678"),
        (Means.POST, "住所", "新庄市本町一丁目２番３号"),
        (Means.LINE, "line_user_id", "U0123abc"),
    ],
)
def test_whoever_is_suppressed_is_left_out_however_the_contact_is_written(check, means, header, written) -> None:
    others = {"email": "a@example.jp", "post": "新庄市本町1-2-30", "line": "U9"}
    other = others.get(means.value, "090-0000-0001")
    checked = check(f"名前,{header}\n佐藤,{written}\n鈴木,{other}\n", means)
    assert (checked.kept, checked.suppressed, checked.unread) == ([["鈴木", other]], [2], [])
    assert check(f"名前,{header}\n佐藤,{written}\n", means, company="kagoshima").suppressed == []


def test_an_erased_customer_is_left_out_by_the_hash(check, sqlite_store) -> None:
    with sqlite_store.transaction() as tx:
        tx.suppressions.add(suppression("linked", contact="gone@example.jp", customer="k1"))
        tx.suppressions.forget_contact("k1")
    assert check("email\ngone@example.jp\n", Means.EMAIL).suppressed == [2]


def test_a_notice_of_inspection_goes_to_who_keeps_those(check, sqlite_store) -> None:
    with sqlite_store.transaction() as tx:
        tx.suppressions.add(
            suppression("all", contact="no@example.jp", means="all", purpose="marketing_and_inspection")
        )
    listed = "email\nstop@example.jp\nno@example.jp\n"
    assert check(listed, Means.EMAIL).suppressed == [2, 3]
    assert check(listed, Means.EMAIL, Purpose.INSPECTION).suppressed == [3]


def test_any_of_several_numbers_and_an_address_in_parts_count(check) -> None:
    assert check("電話番号,携帯電話\n0233-75-3111,090-1234-5678\n", Means.PHONE).suppressed == [2]
    assert check("都道府県,住所1,住所2\n山形県,新庄市,本町1-2-3\n", Means.POST).suppressed == [2]


def test_what_cant_be_read_is_left_out_and_named_and_an_empty_cell_stays(check) -> None:
    checked = check('no,email\n1,stop@example.jp;b@example.jp\n\n2,\n"3\n",x@example.jp\n4,-\n', Means.EMAIL)
    assert checked.unread == [2, 7]
    assert checked.kept == [["2", ""], ["3\n", "x@example.jp"]]


def test_a_named_column_is_taken(check) -> None:
    assert check("a,b\nstop@example.jp,x\n", Means.EMAIL, columns=("a",)).suppressed == [2]


@pytest.mark.parametrize(
    ("content", "columns", "reason"),
    [
        ("", (), "no header"),
        ("name,mailing\nx,y\n", (), "name it, of name, mailing"),
        ("name,email\nx,y\n", ("mail",), "no column mail; there are name, email"),
        ("name,email\nx,a@example.jp,z\n", (), "line 2: has 3 cells instead of 2"),
        ('name,email\nx,"a@example.jp\n', (), "line 2: unexpected end of data"),
    ],
)
def test_a_list_of_which_nobody_can_be_sure_is_refused(check, content, columns, reason) -> None:
    with pytest.raises(MailingListError, match=reason):
        check(content, Means.EMAIL, columns=columns)


def test_a_file_of_no_text_is_refused(check, tmp_path, sqlite_store) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"\xff\xff\x81")
    with pytest.raises(CsvFileError, match="neither UTF-8 nor CP932"):
        check_mailing_list(sqlite_store, path, "okura", Means.EMAIL, Purpose.MARKETING)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_encoding_is_told_for_the_way_back(check, encoding) -> None:
    checked = check("名前,メール\n佐藤,a@example.jp\n", Means.EMAIL, encoding=encoding)
    assert (checked.encoding, checked.header, checked.kept) == (
        encoding,
        ["名前", "メール"],
        [["佐藤", "a@example.jp"]],
    )


def test_a_long_list_is_checked_to_its_end(check) -> None:
    lines = [f"{number}@example.jp" for number in range(BATCH)]
    checked = check("\n".join(["email", *lines, "stop@example.jp", "last@example.jp"]), Means.EMAIL)
    assert (len(checked.kept), checked.suppressed) == (BATCH + 1, [BATCH + 2])


def test_what_a_spreadsheet_would_run_is_quoted_and_a_number_is_not() -> None:
    target = io.StringIO()
    write_mailing_list(target, CheckedList(["name", "phone"], [["=cmd()", "+81 90-1234-5678"], ["-1+1", "@x"]]))
    assert target.getvalue() == "name,phone\n'=cmd(),+81 90-1234-5678\n'-1+1,'@x\n"
