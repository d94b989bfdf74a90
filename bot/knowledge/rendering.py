"""Turn policy answers into what a customer reads: lead, clauses as published, citation, where the policy is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from bot.knowledge.answering import PolicyAnswer
from bot.knowledge.company import Contact
from bot.knowledge.passages import Passage

_SHOWN_REFERENCES = 2
_REACHING = ("contact", "contact_hours")


class Phrases(Protocol):
    """What the desk says, by name; the names used here are those of data/responses/<language>/policy.yml."""

    def text(self, name: str, **values: object) -> str:
        """Fill in a phrase."""
        ...


@dataclass(frozen=True)
class Part:
    """One piece that a channel may put apart: lead, heading, quote, citation, reference, contact or link."""

    kind: str
    text: str


@dataclass(frozen=True)
class RenderedAnswer:
    """The whole text, and its parts in order for channels with limits."""

    text: str
    parts: tuple[Part, ...]


def render(
    answers: Sequence[PolicyAnswer], company_name: str, contact: Contact | None, phrases: Phrases, policy_url: str = ""
) -> RenderedAnswer:
    """Render the answers to the questions of one message, in their order."""
    name = company_name or phrases.text("policy_unnamed_company")
    answers = _each_once(answers)
    parts: list[Part] = []
    silent = next((answer for answer in answers if not answer.covered), None)
    for answer in answers:
        told = _covered(answer, name, contact, phrases) if answer.covered else _silent(answer, silent, name, phrases)
        parts.extend(told)
    if silent is not None:
        parts.extend(_contact(silent, name, contact, phrases))
    if policy_url:
        parts.append(Part("link", phrases.text("policy_whole", url=policy_url)))
    elif company_name and answers:
        parts.append(Part("link", phrases.text("policy_whole_title", company=name, title=answers[0].title)))
    return RenderedAnswer("\n\n".join(part.text for part in parts), tuple(parts))


def _each_once(answers: Sequence[PolicyAnswer]) -> list[PolicyAnswer]:
    """Leave out of each answer the passages that an answer before it shows, and the answer where none remain."""
    shown: set[Passage] = set()
    fresh: list[PolicyAnswer] = []
    for answer in answers:
        passages = tuple(passage for passage in answer.passages if passage not in shown)
        shown.update(passages)
        if passages or not answer.covered:
            fresh.append(replace(answer, passages=passages))
    return fresh


def _covered(answer: PolicyAnswer, name: str, contact: Contact | None, phrases: Phrases) -> list[Part]:
    parts = [Part("lead", _lead(answer, name, contact, phrases))]
    parts += _passage(answer.passages[0], answer, phrases)
    for before, passage in pairwise(answer.passages):
        if passage.is_whole:
            passage = replace(passage, heading=(phrases.text("policy_whole_clause"),))
        elif set(passage.heading) <= set(before.heading):
            passage = replace(passage, heading=())  # It stands above already.
        parts += _passage(passage, answer, phrases)
    for reference in _references(answer.passages):
        text = phrases.text("policy_reference", citation=reference.citation)
        parts += [Part("reference", f"{text}\n{reference.text}"), _citation(reference, answer, phrases)]
    return parts


def _lead(answer: PolicyAnswer, name: str, contact: Contact | None, phrases: Phrases) -> str:
    """Say what the clauses are about; who asks how to reach the company is told that first."""
    if answer.topic in _REACHING and contact is not None:
        # Only what the clause below says too: company.yml may be behind the policy.
        quoted = "\n".join(passage.text for passage in answer.passages)
        values = {field: getattr(contact, field) for field in ("phone", "hours")}
        known = {field: value for field, value in values.items() if value and value in quoted}
        if known:
            department = contact.department or phrases.text("policy_contact_department")
            key = f"policy_lead_{'_'.join(known)}"
            return phrases.text(key, company=name, department=department, title=answer.title, **known)
    if answer.passages[0].is_whole:
        return phrases.text("policy_lead_whole", company=name, title=answer.title)
    if answer.passages[0].is_opening:
        return phrases.text("policy_lead_opening", title=answer.title)
    key = "policy_lead_topic" if answer.topic_label else "policy_lead_found"
    return phrases.text(key, label=answer.topic_label, company=name, title=answer.title)


def _passage(passage: Passage, answer: PolicyAnswer, phrases: Phrases) -> list[Part]:
    heading = [Part("heading", "\n".join(passage.heading))] if passage.heading else []
    return [*heading, Part("quote", passage.text), _citation(passage, answer, phrases)]


def _citation(passage: Passage, answer: PolicyAnswer, phrases: Phrases) -> Part:
    cited, day = f"{answer.title} {passage.citation}".strip(), answer.date
    if day is None:
        return Part("citation", phrases.text("policy_citation", cited=cited, version=answer.version))
    dated = phrases.text("policy_citation_dated", cited=cited, year=day.year, month=day.month, day=day.day)
    return Part("citation", dated)


def _references(passages: Sequence[Passage]) -> list[Passage]:
    """Give what the passages refer to, each once and only what doesn't stand in them already."""
    found = {reference.citation: reference for passage in passages for reference in passage.references}
    shown = [passage.text for passage in passages]
    apart = [reference for reference in found.values() if not any(reference.text in text for text in shown)]
    return apart[:_SHOWN_REFERENCES]


def _silent(answer: PolicyAnswer, first: PolicyAnswer | None, name: str, phrases: Phrases) -> list[Part]:
    """Say that there is no such clause; apologise for the first of several."""
    key = "policy_silent_topic" if answer.topic_label else "policy_unsure" if answer.is_unsure else "policy_silent"
    key = "policy_silent_too" if answer.topic_label and answer is not first else key
    parts = [Part("lead", phrases.text(key, label=answer.topic_label, company=name, title=answer.title))]
    if answer.nearest is not None:
        parts.append(Part("lead", phrases.text("policy_nearest")))
        parts.extend(_passage(answer.nearest, answer, phrases))
    return parts


def _contact(answer: PolicyAnswer, name: str, contact: Contact | None, phrases: Phrases) -> list[Part]:
    """Give company.yml's contact; without one, the policy's own contact clause; without that, say so."""
    if contact is not None and contact.is_reachable:
        department = contact.department or phrases.text("policy_contact_department")
        lines = [phrases.text("policy_contact", company=name, department=department)]
        for field in ("phone", "hours", "email", "address"):
            if value := getattr(contact, field):
                lines.append(phrases.text(f"policy_contact_{field}", value=value))
        return [Part("contact", "\n".join(lines))]
    if answer.contact is not None:
        return [Part("contact", phrases.text("policy_contact_clause")), *_passage(answer.contact, answer, phrases)]
    return [Part("contact", phrases.text("policy_contact_unknown", company=name))]
