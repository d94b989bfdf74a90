from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from bot.knowledge.company import Company, CompanyFileError, CompanyStore, load_company

POLICY = "1. 目的\n\n次の目的に利用します。\n"


def company(tmp_path: Path, yml: str, policy: str | None = POLICY, name: str = "acme") -> Company:
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    (folder / "company.yml").write_text(yml, encoding="utf-8")
    if policy is not None:
        (folder / "policy.md").write_text(policy, encoding="utf-8")
    return load_company(folder)


def test_the_seeds(okura: Company, kagoshima: Company) -> None:
    assert okura.name == "有限会社大蔵自動車"
    assert (okura.contact.phone, okura.contact.hours) == ("0233-75-3111", "8時30分～17時30分")
    assert (kagoshima.contact.phone, kagoshima.contact.hours) == ("0120-49-5523", "10:00～17:00")
    for seed in (okura, kagoshima):
        assert seed.policy.title == "個人情報保護方針"
        assert seed.due_days == 14
        assert seed.fees == {}


def test_a_name_is_enough(tmp_path: Path) -> None:
    made = company(tmp_path, "name: 甲社\n")
    assert (made.id, made.name, made.channels, made.contact.is_reachable) == ("acme", "甲社", ("web",), False)


def test_all_keys(tmp_path: Path) -> None:
    made = company(
        tmp_path,
        "name: 甲社\npolicy_date: 2025-04-01\nopening_hours: {mon: '9:00-17:30', sun: closed}\n"
        "closed_days: [2026-01-02, 12-29, 02-29]\ndue_days: 10\nchannels: [web, line]\nfour_eyes: true\n"
        "fees: {disclosure: 300}\ntopics: {cookies: ['1.'], fees: []}\n",
    )
    assert made.opening_hours == {0: (time(9), time(17, 30))}
    assert made.closed_days == {date(2026, 1, 2)}
    assert made.closed_each_year == {(12, 29), (2, 29)}
    assert made.policy.version.startswith("2025-04-01-")
    assert [clause.citation for clause in made.policy.clauses_for("cookies")] == ["1."]


def test_stores_are_entries_or_names_alone(tmp_path: Path) -> None:
    made = company(
        tmp_path,
        "name: 甲社\nstores: [{id: north, name: 北店, address: 北町1, phone: 0233-75-0000, hours: 9時～17時}, 南店]\n",
    )
    assert made.stores == (
        CompanyStore("north", "北店", "北町1", "0233-75-0000", "9時～17時"),
        CompanyStore("南店", "南店"),
    )
    assert made.store("北店") == made.store("north") == made.stores[0]
    assert made.store("東店") is made.store(None) is None
    assert company(tmp_path, "name: 甲社\n").stores == ()


def test_four_eyes_decide_unless_a_company_says_otherwise(tmp_path: Path) -> None:
    assert company(tmp_path, "name: 甲社\n").four_eyes
    assert not company(tmp_path, "name: 甲社\nfour_eyes: false\n").four_eyes


@pytest.mark.parametrize(
    ("yml", "named"),
    [
        ("name: 甲社\nstores: [{id: north}]\n", "stores"),
        ("name: 甲社\nstores: [{id: north, name: 北店, fax: '1'}]\n", "stores"),
        ("name: 甲社\nstores: [北店, {id: n, name: 北店}]\n", "stores"),
        ("name: 甲社\nnmae: 乙\n", "nmae: is unknown"),
        ("policy_title: 方針\n", "name: is missing"),
        ("name: 甲社\ndue_days: 0\n", "due_days"),
        ("name: 甲社\ndue_days: true\n", "due_days"),
        ("name: 甲社\nchannels: [fax]\n", "channels"),
        ("name: 甲社\nopening_hours: {mon: '17:00-9:00'}\n", "opening_hours.mon"),
        ("name: 甲社\nopening_hours: {holiday: '9:00-10:00'}\n", "opening_hours.holiday"),
        ("name: 甲社\ncontact: {telephone: '1'}\n", "contact.telephone"),
        ("name: 甲社\nfees: {disclosure: free}\n", "fees.disclosure"),
        ("name: 甲社\ntopics: {cookies: ['99.']}\n", "99."),
        ("name: 甲社\ntopics: {horoscope: []}\n", "topics.horoscope"),
        ("name: 甲社\nclosed_days: [soon]\n", "closed_days"),
        ("name: 甲社\nclosed_days: [13-01]\n", "closed_days"),
        ("name: 甲社\npolicy_date: soon\n", "policy_date"),
        ("name: 甲社\nfour_eyes: maybe\n", "four_eyes"),
        ("- a\n", "key: value"),
        ("name: [\n", "no valid YAML"),
    ],
)
def test_a_wrong_file_is_refused_by_file_and_key(tmp_path: Path, yml: str, named: str) -> None:
    with pytest.raises(CompanyFileError) as refused:
        company(tmp_path, yml)
    assert "company.yml" in str(refused.value)
    assert named in str(refused.value)


@pytest.mark.parametrize("policy", [None, " \n"])
def test_a_missing_or_empty_policy_is_refused(tmp_path: Path, policy: str | None) -> None:
    with pytest.raises(CompanyFileError, match=r"policy\.md"):
        company(tmp_path, "name: 甲社\n", policy)


def test_a_folder_that_cannot_be_an_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CompanyFileError, match="a-z"):
        company(tmp_path, "name: 甲社\n", name="甲社")
