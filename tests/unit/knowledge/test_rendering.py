from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.knowledge.answering import PolicyAnswer, answer
from bot.knowledge.company import Company, Contact
from bot.knowledge.passages import passage_of
from bot.knowledge.privacy_policy import PrivacyPolicy
from bot.knowledge.rendering import RenderedAnswer, render
from bot.services.phrases import Phrasebook

PHRASES = Phrasebook.load(Path(__file__).resolve().parents[3] / "data" / "responses" / "ja")


def ask(company: Company, *topics: str) -> list[PolicyAnswer]:
    return [answer(company.policy, "", [(topic, 0.9)]) for topic in topics]


def told(company: Company, *topics: str) -> RenderedAnswer:
    return render(ask(company, *topics), company.name, company.contact, PHRASES, company.policy_url)


def test_lead_clause_citation_with_version_and_where_the_whole_is(okura: Company) -> None:
    parts = told(okura, "recall").parts
    shown = ["heading", "quote", "citation"]
    assert [part.kind for part in parts] == ["lead", *shown, *shown, "link"]
    assert parts[2].text in okura.policy.text
    assert "個人情報保護方針 7.(3)⑤" in parts[3].text
    assert parts[3].text.endswith("（2026年11月22日の版）］")
    assert okura.policy_url in parts[-1].text


def test_the_whole_clause_says_what_it_is_instead_of_its_headings_again(okura: Company) -> None:
    parts = told(okura, "recall").parts
    assert parts[1].text == "7. 個人データの共同利用\n(3) 共同利用する目的"
    assert parts[4].text == PHRASES.text("policy_whole_clause")
    assert "④ 当社の経営等" in parts[5].text


def test_a_heading_that_stands_above_already_is_not_repeated(kagoshima: Company) -> None:
    parts = told(kagoshima, "purpose_proposal").parts
    assert [part.kind for part in parts] == ["lead", "heading", "quote", "citation", "quote", "citation", "link"]


def test_a_policy_without_a_date_is_cited_by_its_version() -> None:
    policy = PrivacyPolicy.from_text("1. お問い合わせ窓口\n\n電話: 012-345-6789\n")
    assert policy.version in render([answer(policy, "", [("contact", 0.9)])], "甲社", None, PHRASES).text


def test_who_asks_how_to_reach_the_company_is_told_the_number_and_the_hours_first(
    okura: Company, kagoshima: Company
) -> None:
    for company, phone, hours in (
        (okura, "0233-75-3111", "8時30分～17時30分"),
        (kagoshima, "0120-49-5523", "10:00～17:00"),
    ):
        assert phone in company.policy.text
        assert hours in company.policy.text
        for topic in ("contact", "contact_hours"):
            lead = told(company, topic).parts[0].text
            assert phone in lead
            assert hours in lead


@pytest.mark.parametrize(
    ("contact", "said", "unsaid"),
    [
        (Contact(phone="012-345-6789", hours="9時～17時"), "012-345-6789", "9時～17時"),
        (Contact(phone="099-999-9999", hours="平日のみ"), "平日のみ", "099-999-9999"),
        (Contact(phone="099-999-9999"), "お問い合わせの窓口", "099-999-9999"),
    ],
)
def test_the_lead_names_only_what_the_clause_says_too(contact: Contact, said: str, unsaid: str) -> None:
    policy = PrivacyPolicy.from_text("1. お問い合わせ窓口\n\n電話: 012-345-6789 (平日のみ)\n")
    lead = render([answer(policy, "", [("contact", 0.9)])], "甲社", contact, PHRASES).parts[0].text
    assert said in lead
    assert unsaid not in lead


def test_silence_is_told_with_this_companys_contact(okura: Company, kagoshima: Company) -> None:
    text = told(okura, "cookies").text
    assert "記載がありません" in text
    assert "0233-75-3111" in text
    assert "0120-49-5523" not in text
    assert "0120-49-5523" in told(kagoshima, "disposal").text


def test_two_questions_get_two_answers_and_one_contact(okura: Company) -> None:
    rendered = told(okura, "cookies", "fees", "recall")
    assert [part.kind for part in rendered.parts].count("contact") == 1
    assert "7.(3)⑤" in rendered.text


def test_several_silences_apologise_once(okura: Company) -> None:
    text = told(okura, "cookies", "fees").text
    assert text.count("申し訳") == 1
    assert text.count("記載がありません") == 2


def test_the_contact_is_not_the_nearest_clause_as_well(okura: Company) -> None:
    parts = told(okura, "responsible_person").parts
    assert [part.kind for part in parts] == ["lead", "contact", "link"]


def test_a_reference_is_shown_once_below_the_clause(kagoshima: Company) -> None:
    text = told(kagoshima, "joint_use_purposes").text
    assert text.count("⑧ 損害保険会社") == 1
    assert text.index("③ 共同利用の目的") < text.index("⑧ 損害保険会社")


def test_a_reference_that_stands_in_the_whole_clause_is_not_shown_again() -> None:
    source = "第1条（保存）\n書類は三年間残す。\n2 前項の期間が過ぎたら捨てる。\n第2条（窓口）\n電話\n"
    policy = PrivacyPolicy.from_text(source)
    whole, part = (passage_of(policy.clause(citation), policy.tree) for citation in ("第1条", "第1条2"))
    assert part.references
    found = replace(answer(policy, "捨てるの", []), covered=True, passages=(part, whole))
    assert render([found], "甲社", None, PHRASES).text.count("書類は三年間残す。") == 1


@pytest.mark.parametrize("contact", [None, Contact()])
def test_without_a_contact_the_policys_own_clause_serves_or_an_honest_sentence(contact: Contact | None) -> None:
    with_clause = PrivacyPolicy.from_text("1. 目的\n\n発送のため。\n\n2. お問い合わせ\n\n電話 012-345-6789\n")
    without = PrivacyPolicy.from_text("1. 目的\n\n発送のため。\n")
    silent = [answer(policy, "", [("cookies", 0.9)]) for policy in (with_clause, without)]
    assert "012-345-6789" in render(silent[:1], "", contact, PHRASES).text
    assert PHRASES.text("policy_contact_unknown", company="甲社") in render(silent[1:], "甲社", contact, PHRASES).text


def test_an_answer_has_two_lead_sentences_at_most(okura: Company) -> None:
    for topic in ("recall", "cookies", "entrustment"):
        leads = [part.text for part in told(okura, topic).parts if part.kind == "lead"]
        assert sum(text.count("。") for text in leads) <= 3  # 申し訳ありません。 is a courtesy before the sentence.


def test_without_an_address_the_title_says_where_the_whole_policy_is(kagoshima: Company) -> None:
    assert told(kagoshima, "cookies").parts[-1].text.startswith("全文は、鹿児島日産自動車株式会社が公表している")


def test_a_clause_that_answers_two_questions_is_quoted_once(okura: Company) -> None:
    parts = told(okura, "safety_physical", "disposal").parts
    quotes = [part.text for part in parts if part.kind == "quote"]
    assert len(quotes) == len(set(quotes)) > 1
    assert [part.kind for part in told(okura, "recall", "recall").parts].count("lead") == 1
