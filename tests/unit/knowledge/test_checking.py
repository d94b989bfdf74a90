from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.knowledge.checking import Finding, check
from bot.knowledge.company import Company
from bot.knowledge.privacy_policy import PrivacyPolicy

ROOT = Path(__file__).resolve().parents[3]


def kinds(policy: PrivacyPolicy) -> set[tuple[str, str]]:
    return {(finding.kind, finding.citation) for finding in check(policy).findings}


def missing(findings: tuple[Finding, ...], kind: str) -> set[str]:
    return {dict(finding.values)["missing"] for finding in findings if finding.kind == kind}


def test_okura(okura: Company) -> None:
    result = check(okura.policy)
    assert missing(result.findings, "joint_use_without") == {
        "responsible",
        "responsible_address",
        "responsible_representative",
    }
    found = kinds(okura.policy)
    assert ("dangling", "6. 本文") in found
    assert ("unnamed_person", "6. 本文") in found
    assert ("slip", "2.(3) 本文") in found
    assert ("broken_sentence", "2. 本文") in found
    assert "cookies" in result.uncovered
    assert result.covered["recall"] == ("7.(3)⑤",)


def test_kagoshima_is_responsible_itself_and_names_its_address_but_no_representative(kagoshima: Company) -> None:
    result = check(kagoshima.policy)
    assert missing(result.findings, "joint_use_without") == {"responsible_representative"}
    assert missing(result.findings, "no_operator") == {"representative"}
    assert not {"no_purpose", "no_contact", "no_procedure"} & {finding.kind for finding in result.findings}


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("1. 安全管理\n\n安全管理措置を講じます。\n", "no_purpose"),
        ("1. 利用目的\n\n商品の発送のために利用します。\n", "no_contact"),
        ("1. 利用目的\n\n商品の発送のために利用します。\n", "no_procedure"),
        ("1. 委託\n\n第9条のとおり委託します。\n", "dead_reference"),
        ("1. 委託\n\n第3項のとおり委託します。\n", "dead_reference"),
        ("第1条　第2条第3項により次のものに渡す。\n(1) 会員\n第2条　情報を守る。\n", "dead_reference"),
        ("1. 委託\n\n委託先は別紙のとおりです。\n", "missing_annex"),
        ("1. 目的\n\n本文。\n\n1. 提供\n\n本文。\n", "repeated_number"),
        ("1. 目的\n\n本文。\n\n3. 提供\n\n本文。\n", "skipped_number"),
        ("ただの文です。\n", "no_structure"),
        ("1. 提供\n\n第三に提供しません。\n", "slip"),
        ("1. 取得\n\nお預かりする情報ははじめ様々な情報を扱います。\n", "slip"),
        ("1. 提供\n\n情報をを提供しません。\n", "doubled_particle"),
        ("1. 甲\n\n本文。\n\n2. 乙\n\n本文。\n\n4. 丙\n\n本文。\n\n3. 丁\n\n本文。\n", "backward_number"),
        ("1. 送料\n\n送料は下表のとおりです。\n", "dangling"),
        ("1. 送料\n\n送料は下記をご参照ください。\n", "dangling"),
        ("1. 送料\n\n送料は以下のとおりです。\n\nなお、離島へはお送りできません。\n", "dangling"),
        ("1. 保存\n\n書類を３年問とっておきます。\n", "slip"),
        ("1. 保存\n\n惰報をデー夕として保存期問だけ持ちます。\n", "slip"),
        ("1. 提供\n\n急ぐ場合を覗き、お渡ししません。\n", "slip"),
        ("1. 保存\n\n書類を整理しして置きます。\n", "slip"),
        ("1. 保存\n\n書類を整理し ます。\n", "slip"),
        ("1. 窓口\n\n電話 092-OO0-4321、092-0O0-4321\n", "slip"),
        ("1. 星空\n\n観察会では望遠鏡をお貸しします。\n", "unreached"),
    ],
)
def test_each_kind_of_finding(source: str, kind: str) -> None:
    assert kind in {finding.kind for finding in check(PrivacyPolicy.from_text(source)).findings}


def test_a_sound_policy_has_no_finding_of_the_law() -> None:
    policy = PrivacyPolicy.from_text(
        "株式会社甲\n〒100-0000 東京都千代田区一番1 代表取締役 甲野 花子\n\n"
        "1. 利用目的\n\n商品の発送のために利用します。\n\n"
        "2. 開示等の請求\n\nご本人から開示、訂正、利用停止の請求があったときは応じます。\n\n"
        "3. 窓口\n\n電話 012-345-6789\n"
    )
    assert [finding.kind for finding in check(policy).findings if finding.severity == "law"] == []


def test_every_finding_has_its_words() -> None:
    phrases = yaml.safe_load((ROOT / "data/responses/ja/policy.yml").read_text(encoding="utf-8"))
    for path in (*ROOT.glob("data/policies/*/policy.md"), *ROOT.glob("tests/fixtures/companies/*/policy.md")):
        for finding in check(PrivacyPolicy.from_text(path.read_text(encoding="utf-8"))).findings:
            phrases[f"finding_{finding.kind}"].format(**{"missing": "", **dict(finding.values)})
            assert f"check_{finding.severity}" in phrases


@pytest.mark.parametrize(
    "source",
    [
        "1. 窓口\n\nお客様センター　ＴＥＬ：０３－００００－９８７６\n",
        "第1条（目的）診療に使います。\n第2条（お問い合わせ）院長　電話 03-0000-1234（平日）\n以上\n",
        "1. 窓口\n\nさつき堂　℡（092）000-4321\n",
        "1. 窓口\n\nさつき堂　電話 092 000 4321　10:00から\n",
        "1. 窓口\n\nさつき堂　電話 0920004321\n",
        "1. 窓口\n\nさつき堂　電話 092‐000‐4321\n",
    ],
)
def test_a_contact_is_seen_however_it_is_written_and_beside_its_heading(source: str) -> None:
    assert "no_contact" not in {finding.kind for finding in check(PrivacyPolicy.from_text(source)).findings}


def test_a_contact_in_a_short_document_is_its_own_section() -> None:
    policy = PrivacyPolicy.from_text(
        "# よくあるご質問\nQ1. メールの配信を止めるには。\nA1. 設定の画面で止められます。\n"
        "Q2. 問い合わせ先は。\nA2. 受付 098-000-2468\n"
    )
    assert [clause.citation for clause in policy.clauses_for("contact")] == ["Q2"]


def test_rows_of_definitions_name_the_company_and_who_receives() -> None:
    policy = PrivacyPolicy.from_text(
        "【事業者の名称】 合同会社みどり\n【提供先】 貸主、管理会社。\n【連絡先】 092-000-1357\n"
    )
    assert policy.clauses_for("company_info")
    assert policy.clauses_for("third_party")


def test_a_head_who_is_named_in_a_sentence_is_named() -> None:
    policy = PrivacyPolicy.from_text("第6条（窓口）\n苦情は、園長 青空 花（電話 052-000-4321）が受け付けます。\n")
    assert policy.clauses_for("company_info")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("1. 提供先\n（イ）甲銀行\n（ロ）乙銀行\n（ハ）丙銀行\n（ニ）丁銀行\n", "skipped_number"),
        ("1. 保存\n\n気をつけるものの大丈夫とは言えません。\n", "doubled_particle"),
        ("1. 利用\n\n公共利用の広場を予約します。\n", "slip"),
        ("1. 記録\n\n第三に提供先を書きとめます。\n", "slip"),
        ("1. 送料\n\n送料は次のとおりです。\n\n県内は500円、県外は800円です。\n", "dangling"),
        ("1. 返却\n\n書類をお引渡しし、写しをお返しします。\n", "slip"),
        ("1. 送料\n\n送料は下記をご参照ください。\n\n2. 送料の表\n\n県内は500円です。\n", "dangling"),
        ("1. 年\n\n1年問題の起きないようにします。\n", "slip"),
    ],
)
def test_what_is_right_is_no_finding(source: str, kind: str) -> None:
    assert kind not in {finding.kind for finding in check(PrivacyPolicy.from_text(source)).findings}


@pytest.mark.parametrize("name", ["㈲さつき", "（株）さつき", "さつき税理士事務所", "手芸工房さつき"])
def test_an_operator_is_seen_in_any_usual_writing(name: str) -> None:
    source = f"1. 窓口\n\n{name}　代表　五月花子\n福岡県福岡市中央区二丁目三番四号\n電話 092-000-4321\n"
    assert missing(check(PrivacyPolicy.from_text(source)).findings, "no_operator") == set()
