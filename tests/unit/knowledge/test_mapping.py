from __future__ import annotations

import pytest

from bot.knowledge.company import Company
from bot.knowledge.privacy_policy import PrivacyPolicy

OKURA = {
    "policy_overview": "前文",
    "purposes": "2.(1)",
    "purpose_marketing": "2.(1)②",
    "marketing_opt_out": "2.(1) 第2段落",
    "use_limit": "2.(2) 本文",
    "third_party_exceptions": "9.",
    "third_party_authorities": "9.①",
    "third_party_life": "9.④",
    "joint_use": "7.",
    "joint_use_parties": "7.(1)",
    "joint_use_items": "7.(2)",
    "joint_use_purposes": "7.(3)",
    "partner_policies": "7.(2) 第1段落",
    "recall": "7.(3)⑤",
    "safety": "8.",
    "safety_basic_policy": "8.（基本方針の策定）",
    "safety_rules": "8.（個人データの取扱いに係る規律の整備）",
    "safety_organizational": "8.（組織的安全管理措置）",
    "safety_human": "8.（人的安全管理措置）",
    "safety_physical": "8.（物理的安全管理措置）",
    "safety_technical": "8.（技術的安全管理措置）",
    "disposal": "5. 本文",
    "sensitive": "10.",
    "laws": "4.",
    "improvement": "3. 第2段落",
    "rights_procedure": "6.",
    "identity_check": "11. 本文",
    "contact": "11.",
}
OKURA_SILENT = [
    "cookies",
    "cookies_refusal",
    "access_logs",
    "entrustment",
    "fees",
    "joint_use_responsible",
    "responsible_person",
    "foreign_transfer",
    "my_number",
    "children",
    "retention_period",
    "inquiry_record",
    "purpose_insurance",
]
KAGOSHIMA = {
    "collected_items": "1.",
    "purposes": "1.（利用目的）",
    "purpose_proposal": "1.①",
    "purpose_marketing": "1.②",
    "purpose_service": "1.③",
    "purpose_survey": "1.④",
    "purpose_credit": "1.⑤",
    "purpose_advertising": "1.⑥",
    "purpose_inquiry": "1.⑦",
    "purpose_insurance": "1.⑧",
    "purpose_change": "1. 本文",
    "third_party": "2.",
    "third_party_authorities": "2.②",
    "entrustment": "4. 第2段落",
    "joint_use": "2.（共同利用）",
    "joint_use_parties": "2.（共同利用）②",
    "joint_use_items": "2.（共同利用）①",
    "joint_use_purposes": "2.（共同利用）③",
    "joint_use_responsible": "2.（共同利用）④",
    "cookies": "3.",
    "cookies_refusal": "3. 第4段落",
    "cookies_refusal_effect": "3. 第5段落",
    "sensitive": "6.",
    "laws": "7.",
    "rights_procedure": "5.",
    "contact": "8.",
    "contact_hours": "8.",
    "inquiry_record": "8. 第2段落",
    "partner_direct_contact": "8. 第2段落",
}
KAGOSHIMA_SILENT = [
    "disposal",
    "safety_basic_policy",
    "safety_physical",
    "safety_technical",
    "recall",
    "fees",
    "retention_period",
    "my_number",
    "children",
]


@pytest.mark.parametrize(("topic", "citation"), OKURA.items())
def test_okura(okura: Company, topic: str, citation: str) -> None:
    assert next(clause.citation for clause in okura.policy.clauses_for(topic)) == citation


@pytest.mark.parametrize(("topic", "citation"), KAGOSHIMA.items())
def test_kagoshima(kagoshima: Company, topic: str, citation: str) -> None:
    assert next(clause.citation for clause in kagoshima.policy.clauses_for(topic)) == citation


@pytest.mark.parametrize("topic", OKURA_SILENT)
def test_what_okura_does_not_say(okura: Company, topic: str) -> None:
    assert okura.policy.clauses_for(topic) == ()


@pytest.mark.parametrize("topic", KAGOSHIMA_SILENT)
def test_what_kagoshima_does_not_say(kagoshima: Company, topic: str) -> None:
    assert kagoshima.policy.clauses_for(topic) == ()


def test_disclosure_to_the_police_is_not_the_customers_right() -> None:
    policy = PrivacyPolicy.from_text(
        "# 方針\n\n## 1. 個人情報の第三者への開示\n\n"
        "当社は、警察の捜査に協力するため、個人情報を開示することがあります。\n\n"
        "## 2. 本人からの開示の請求\n\nご本人から開示の請求があったときは、遅滞なく応じます。\n"
    )
    assert [clause.citation for clause in policy.clauses_for("rights_procedure")] == ["2."]
    assert [clause.citation for clause in policy.clauses_for("third_party_authorities")] == ["1. 本文"]


def test_a_heading_of_something_near_is_not_the_topics() -> None:
    policy = PrivacyPolicy.from_text(
        "1. 利用目的の変更\n\n利用目的を変更するときは、公表します。\n\n2. 利用目的\n\n発送のために利用します。\n"
    )
    assert [clause.citation for clause in policy.clauses_for("purposes")] == ["2."]


def test_a_heading_that_names_several_things_needs_words_below_it(okura: Company) -> None:
    near = okura.policy.matches_for("entrustment")
    assert [(match.clause.citation, match.is_sound) for match in near] == [("2.(3)", False)]


@pytest.mark.parametrize(
    ("below", "citation"),
    [("（安全管理）\n第３条　棚に鍵をかける。\n", "第2章（安全管理）"), ("第３条　別に定める。\n", "第2章")],
)
def test_a_chapter_answers_only_where_none_of_its_articles_does(below: str, citation: str) -> None:
    source = (
        f"第１章　総則\n\n第１条　会費の請求に使う。\n\n第２章　安全管理\n\n（名簿）\n第２条　毎年作る。\n\n{below}"
    )
    policy = PrivacyPolicy.from_text(source)
    assert [clause.citation for clause in policy.clauses_for("safety")] == [citation]


def test_an_announcement_with_nothing_below_is_no_answer(okura: Company) -> None:
    assert "6." not in [clause.citation for clause in okura.policy.clauses_for("contact")]


def test_overrides_come_before_proposals() -> None:
    policy = PrivacyPolicy.from_text("1. 利用目的\n\n次の目的に利用します。\n\n2. その他\n\n商品の発送。\n")
    policy.override_topics({"purposes": ["2."], "cookies": ["1."], "purpose_service": []})
    assert [clause.citation for clause in policy.clauses_for("purposes")] == ["2."]
    assert [clause.citation for clause in policy.clauses_for("cookies")] == ["1."]
    assert policy.clauses_for("purpose_service") == ()


def test_an_unknown_topic_has_no_clauses(okura: Company) -> None:
    assert okura.policy.clauses_for("horoscope") == ()


QUESTIONS_AND_ANSWERS = """よくあるご質問（個人情報について）
Q1. 他の会社に渡しますか？
A. 渡しません。
Q2. 退会したらどうなりますか？
A. 退会から6か月後にすべて消します。
Q3. 情報が漏れたら？
A. すみやかにご本人に連絡します。
"""


@pytest.mark.parametrize(("topic", "citation"), [("third_party", "Q1"), ("leak_response", "Q3")])
def test_a_policy_of_questions_is_mapped_as_customers_ask(topic: str, citation: str) -> None:
    assert PrivacyPolicy.from_text(QUESTIONS_AND_ANSWERS).clauses_for(topic)[0].citation == citation


def test_a_period_after_an_end_is_one_of_keeping() -> None:
    clauses = PrivacyPolicy.from_text(QUESTIONS_AND_ANSWERS).clauses_for("retention_period")

    assert [clause.citation for clause in clauses] == ["Q2A."]


def test_the_head_of_a_table_is_a_heading() -> None:
    policy = PrivacyPolicy.from_text(
        "# 方針\n\n## 管理\n\n書類を守ります。\n\n| 項目 | 保存期間 |\n|---|---|\n| 注文履歴 | 5年 |\n"
    )

    assert "5年" in policy.clauses_for("retention_period")[0].text


@pytest.mark.parametrize(
    ("topic", "source"),
    [
        ("third_party", "## お取引先への提供・配送の委託\n\n| 提供先 | 情報 |\n|---|---|\n| 印刷所 | 宛名 |\n"),
        ("third_party", "## 園外への提供・海外への移転\n\n| No. | 相手先 |\n|---|---|\n| 1 | 写真館 |\n"),
        ("third_party", "## 信用調査会社への提供\n\n契約の前に、登録情報を照らし合わせます。\n"),
        ("third_party", "## 引っ越し\n\nご希望の方の住所を、水道の事業者に伝えます。\n"),
        ("third_party", "Q1. 別の店に教えますか。\nA1. 系列の店にだけ教えます。\n"),
        ("purposes", "## 情報のつかい道\n\nお届けに使います。\n"),
        ("rights_procedure", "## その他\n\nご自身の情報を見たいときは、お知らせください。\n"),
        ("rights_procedure", "## その他\n\n登録に誤りがあれば、すぐに直します。\n"),
        ("policy_change", "## その他\n\nこのページを変えるときは、店頭に貼り出します。\n"),
        ("contact_hours", "## 連絡先\n\n電話 092-000-4321（9～17時）\n"),
        ("access_logs", "## 記録\n\nお送りしたメールの開封率を調べます。\n"),
        ("joint_use_items", "## 共同利用\n\n| 項目 | 氏名 |\n|---|---|\n| 範囲 | 支店 |\n"),
    ],
)
def test_a_topic_is_found_in_plain_words(topic: str, source: str) -> None:
    assert PrivacyPolicy.from_text(f"# 方針\n\n{source}").clauses_for(topic)


@pytest.mark.parametrize(
    ("topic", "source"),
    [
        ("rights_procedure", "## 集める情報\n\n- 参加申込書の内容\n- 緊急連絡先\n"),
        ("third_party_life", "## 集める情報\n\n- 参加申込書の内容\n- 緊急連絡先\n"),
        ("policy_overview", "## 共同利用\n\n| 項目 | 内容 |\n|---|---|\n| 目的 | 催しのご案内 |\n"),
        ("collected_items", "Q1. 写真は何か月残りますか。\nA1. 三か月です。\n"),
        ("identity_check", "## 利用目的\n\n- 犯罪収益移転防止法による取引時の本人確認\n"),
    ],
)
def test_a_topic_is_not_found_in_words_of_another_matter(topic: str, source: str) -> None:
    assert PrivacyPolicy.from_text(f"# 方針\n\n{source}").clauses_for(topic) == ()


def test_who_shares_is_the_item_that_names_them() -> None:
    policy = PrivacyPolicy.from_text(
        "第1条（共同利用）\n本会は、県連盟と次のとおり共同利用する。\n"
        "一　項目　氏名\n二　利用する者の範囲　県連盟及び加盟団体\n三　目的　記録の公表\n"
    )
    assert policy.clauses_for("joint_use_parties")[0].number == 2
