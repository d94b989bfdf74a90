from datetime import datetime, timezone

import pytest

from bot.knowledge.company import CompanyStore
from bot.services.csv_files import CsvFileError
from bot.services.records import Customer
from bot.services.register import COLUMNS, RefusedLine, find_person, import_customers

HEADER = ",".join(COLUMNS)
TARO = (
    "okura,1001,山田 太郎,ヤマダ タロウ,Taro@Example.jp,090-1234-5678,996-0212,山形県最上郡大蔵村清水1,"
    "S60.3.1,山形 500 あ 12-34;山形 300 さ 1,2025-01-01"
)


def _file(tmp_path, *lines, encoding="utf-8"):
    path = tmp_path / "customers.csv"
    path.write_bytes("\r\n".join([HEADER, *lines, ""]).encode(encoding))
    return path


def _taro(store, number="1001", company="okura"):
    with store.transaction() as tx:
        return tx.customers.get_many_by_no(company, [number]).get(number)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_reads_each_encoding_and_normalises(sqlite_store, clock, tmp_path, encoding):
    report = import_customers(sqlite_store, _file(tmp_path, TARO, encoding=encoding), clock=clock)
    assert (report.added, report.updated, report.refused, report.kept) == (1, 0, [], True)
    taro = _taro(sqlite_store)
    assert (taro.name, taro.email, taro.phone) == ("山田 太郎", "taro@example.jp", "+819012345678")
    assert (taro.birth_date, taro.plates) == ("1985-03-01", ("山形 500 あ 12-34", "山形 300 さ 1"))
    assert taro.contact_changed_at is None


def test_refuses_by_line_and_keeps_nothing(sqlite_store, clock, tmp_path):
    path = _file(
        tmp_path,
        TARO,
        "okura,,名無し,,,,,,,,",
        "okura,1002,佐藤,,not-an-address,,,,,,",
        "okura,1003,佐藤,,,12,,,,,",
        "okura,1004,佐藤,,,,,,1985-02-30,,",
        "okura,1005,佐藤,,,,,,,山形,",
        "okura,1006,佐藤,,,,,,,,2999-01-01",
        "okura,1001,二人目,,,,,,,,",
        "nobody,1007,佐藤,,,,,,,,",
        "okura,1008,佐藤",
        "",
    )
    report = import_customers(sqlite_store, path, companies={"okura": ()}, clock=clock)
    assert [(refused.line, refused.reason.split(" ")[0]) for refused in report.refused] == [
        (3, "customer_no"),
        (4, "email"),
        (5, "phone"),
        (6, "birth_date"),
        (7, "plates"),
        (8, "updated_at"),
        (9, "customer_no"),
        (10, "company"),
        (11, "has"),
    ]
    assert report.kept is False
    assert report.added == 0
    assert _taro(sqlite_store) is None


def test_partial_keeps_the_good_lines(sqlite_store, clock, tmp_path):
    report = import_customers(sqlite_store, _file(tmp_path, TARO, "okura,,x,,,,,,,,"), partial=True, clock=clock)
    assert (report.added, report.kept) == (1, True)
    assert report.refused == [RefusedLine(3, "customer_no is empty")]
    assert _taro(sqlite_store) is not None


def test_one_company_only(sqlite_store, clock, tmp_path):
    report = import_customers(sqlite_store, _file(tmp_path, TARO), company="kagoshima", clock=clock)
    assert report.refused == [RefusedLine(2, "company okura is not kagoshima")]


def test_a_changed_contact_is_dated_and_the_old_ones_kept(sqlite_store, clock, tmp_path):
    import_customers(sqlite_store, _file(tmp_path, TARO), clock=clock)
    before = _taro(sqlite_store)
    changed = TARO.replace("Taro@Example.jp", "new@example.jp").replace("2025-01-01", "2026-06-01T09:00:00+09:00")
    report = import_customers(sqlite_store, _file(tmp_path, changed), clock=clock)
    assert (report.added, report.updated) == (0, 1)
    after = _taro(sqlite_store)
    assert after.id == before.id
    assert after.contact_changed_at == datetime(2026, 6, 1, tzinfo=timezone.utc)
    assert after.previous_contacts == ("taro@example.jp", "+819012345678")


def test_an_import_without_a_change_keeps_the_date_of_the_last_one(sqlite_store, clock, tmp_path):
    import_customers(sqlite_store, _file(tmp_path, TARO), clock=clock)
    changed = TARO.replace("Taro@Example.jp", "new@example.jp").replace("2025-01-01", "")
    import_customers(sqlite_store, _file(tmp_path, changed), clock=clock)
    clock.advance(days=1)
    import_customers(sqlite_store, _file(tmp_path, changed.replace("清水1", "清水2")), clock=clock)
    after = _taro(sqlite_store)
    assert after.address.endswith("清水2")
    assert after.contact_changed_at == datetime(2026, 6, 2, 1, tzinfo=timezone.utc)


def test_an_address_written_another_way_is_no_change(sqlite_store, clock, tmp_path):
    import_customers(sqlite_store, _file(tmp_path, TARO), clock=clock)
    import_customers(sqlite_store, _file(tmp_path, TARO.replace("Taro@", "taro@")), clock=clock)
    assert _taro(sqlite_store).contact_changed_at is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"company,name\n", "lacks customer_no"),
        (b"", "lacks company"),
        (b"\xff\xff\x81", "neither UTF-8 nor CP932"),
        (b"PK\x03\x04\x14", "is an Excel workbook; save it as CSV"),
    ],
)
def test_a_file_that_is_none(sqlite_store, tmp_path, content, reason):
    path = tmp_path / "customers.csv"
    path.write_bytes(content)
    with pytest.raises(CsvFileError, match=reason):
        import_customers(sqlite_store, path)


def test_a_missing_file(sqlite_store, tmp_path):
    with pytest.raises(CsvFileError, match="No such file"):
        import_customers(sqlite_store, tmp_path / "none.csv")


def test_progress_hears_of_every_line(sqlite_store, clock, tmp_path):
    heard = []
    lines = [f"okura,{number},佐藤,,,,,,,," for number in range(1200)]
    report = import_customers(sqlite_store, _file(tmp_path, *lines), clock=clock, progress=heard.append)
    assert report.added == sum(heard) == 1200


def test_a_store_is_read_by_id_or_name_and_must_be_the_companys(sqlite_store, tmp_path, clock):
    path = tmp_path / "customers.csv"
    lines = [f"okura,{number},佐藤,,,,,,,,,{store}" for number, store in enumerate(("north", "北店", "", "東店"))]
    path.write_text("\n".join([f"{','.join(COLUMNS)},store", *lines, ""]), encoding="utf-8")
    companies = {"okura": (CompanyStore("north", "北店"),)}
    report = import_customers(sqlite_store, path, partial=True, companies=companies, clock=clock)
    assert [(one.line, one.reason) for one in report.refused] == [(5, "store 東店 is unknown; there are north")]
    with sqlite_store.transaction() as tx:
        kept = tx.customers.get_many_by_no("okura", ["0", "1", "2"])
    assert [kept[number].store for number in "012"] == ["north", "north", None]


def _put(store, *customers):
    with store.transaction() as tx:
        tx.customers.save_many(customers)


def _found(store, name, contact, company="okura"):
    with store.transaction() as tx:
        person = find_person(tx, company, name, contact)
    return person and person.customer_no


def test_name_and_contact_must_both_match(sqlite_store):
    _put(
        sqlite_store,
        Customer("a", "okura", "1", "髙橋 花子", "タカハシ ハナコ", "family@example.jp", "+819011111111"),
        Customer("b", "okura", "2", "高橋 一郎", "タカハシ イチロウ", "family@example.jp", "+819022222222"),
        Customer("c", "kagoshima", "3", "髙橋 花子", "", "family@example.jp"),
    )
    assert _found(sqlite_store, "高橋花子", "FAMILY@example.jp") == "1"
    assert _found(sqlite_store, "たかはし いちろう", "family@example.jp") == "2"
    assert _found(sqlite_store, "髙橋 花子", "090-1111-1111") == "1"
    assert _found(sqlite_store, "髙橋 花子", "090-2222-2222") is None
    assert _found(sqlite_store, "高橋", "family@example.jp") is None
    assert _found(sqlite_store, "", "family@example.jp") is None
    assert _found(sqlite_store, "髙橋花子", "family@example.jp", "kagoshima") == "3"


def test_two_of_the_same_name_and_contact_are_nobody(sqlite_store):
    _put(
        sqlite_store,
        Customer("a", "okura", "1", "山田 太郎", email="taro@example.jp"),
        Customer("b", "okura", "2", "山田太郎", email="taro@example.jp"),
    )
    assert _found(sqlite_store, "山田太郎", "taro@example.jp") is None
