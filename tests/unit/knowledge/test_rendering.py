from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.answering import PolicyAnswer, answer
from bot.knowledge.company import Company, Contact
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
    assert okura.policy.version in parts[3].text
    assert okura.policy_url in parts[-1].text


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


def test_a_reference_is_shown_once_below_the_clause(kagoshima: Company) -> None:
    text = told(kagoshima, "joint_use_purposes").text
    assert text.count("⑧ 損害保険会社") == 1
    assert text.index("③ 共同利用の目的") < text.index("⑧ 損害保険会社")


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
