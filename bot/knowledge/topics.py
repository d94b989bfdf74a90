"""The table of the standard topics of Japanese privacy policies, read from data/policies/topics.yml."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import SettingError

DATA = Path(__file__).resolve().parents[2] / "data"
_NEVER = re.compile(r"(?!)")


class TopicTableError(SettingError):
    """The topic table is not as it should be; the text names the topic and the key."""


@dataclass(frozen=True)
class Person:
    """Somebody a question may be about, whom a clause of the topic need not name: how asked for, how named."""

    label: str
    asked: re.Pattern[str]
    named: re.Pattern[str]


@dataclass(frozen=True)
class Topic:
    """One topic: what finds its clauses in any policy, and what customers say when they mean it.

    `kin` answers in its place where a policy lacks it.
    """

    id: str
    label: str
    article: str
    heading: re.Pattern[str]
    avoid: re.Pattern[str]
    body: tuple[re.Pattern[str], ...]
    avoid_body: re.Pattern[str]
    prefer: re.Pattern[str]
    question: tuple[re.Pattern[str], ...]
    is_item: bool
    within: str | None
    outside: str | None
    parent: str | None
    more: str | None
    kin: str | None
    purpose: str | None
    aspects: Mapping[str, str]
    needs_evidence: bool
    is_preamble: bool
    is_contact: bool
    person: Person | None


_ASPECTS = {"items": "collected_items", "who": "responsible_person", "whom": "third_party", "until": "retention_period"}
_KEYS = frozenset(
    {"label", "article", "heading", "avoid", "body", "avoid_body", "prefer", "question", "grain", "within"}
    | {"outside", "parent", "more", "purpose", "evidence", "preamble", "contact", "person", "kin", "aspects"}
)


def read_topics(table: Mapping[str, Mapping[str, Any]]) -> dict[str, Topic]:
    """Read the table, refusing keys and topic names it does not know."""
    topics = {topic_id: _topic(topic_id, entry) for topic_id, entry in table.items()}
    for topic in topics.values():
        named_here = (topic.within, topic.outside, topic.parent, topic.more, topic.kin, topic.purpose)
        for named in (*named_here, *topic.aspects.values()):
            if named is not None and named not in topics:
                raise TopicTableError(f"topic {topic.id} names {named}, which is no topic of the table")
        if unknown := set(topic.aspects) - set(_ASPECTS):
            raise TopicTableError(f"topic {topic.id} has unknown aspects: {', '.join(sorted(unknown))}")
        if topic.id in (wider := wider_topics(topic, topics)):
            raise TopicTableError(f"topic {topic.id} is its own parent by way of {', '.join(wider)}")
    return topics


def wider_topics(topic: Topic, topics: Mapping[str, Topic]) -> list[str]:
    """Give the parents of a topic, nearest first."""
    found: list[str] = []
    while topic.parent is not None and topic.parent not in found:
        found.append(topic.parent)
        topic = topics[topic.parent]
    return found


def _topic(topic_id: str, entry: Mapping[str, Any]) -> Topic:
    if unknown := set(entry) - _KEYS:
        raise TopicTableError(f"topic {topic_id} has unknown keys: {', '.join(sorted(unknown))}")
    return Topic(
        id=topic_id,
        label=entry["label"],
        article=entry.get("article", ""),
        heading=_any(entry.get("heading")),
        avoid=_any(entry.get("avoid")),
        body=tuple(re.compile(pattern) for pattern in entry.get("body", ())),
        avoid_body=_any(entry.get("avoid_body")),
        prefer=_any(entry.get("prefer")),
        question=tuple(re.compile(pattern) for pattern in entry.get("question", ())),
        is_item=entry.get("grain") == "item",
        within=entry.get("within"),
        outside=entry.get("outside"),
        parent=entry.get("parent"),
        more=entry.get("more"),
        kin=entry.get("kin"),
        purpose=entry.get("purpose"),
        aspects=entry.get("aspects", {}),
        needs_evidence=bool(entry.get("evidence")),
        is_preamble=bool(entry.get("preamble")),
        is_contact=bool(entry.get("contact")),
        person=_person(entry["person"]) if "person" in entry else None,
    )


def _person(entry: Mapping[str, str]) -> Person:
    return Person(entry["label"], re.compile(entry["asked"]), re.compile(entry["named"]))


def _any(patterns: list[str] | None) -> re.Pattern[str]:
    return re.compile("|".join(patterns)) if patterns else _NEVER


@cache
def topic_table() -> dict[str, Topic]:
    """Give the table of this installation, read once."""
    path = DATA / "policies" / "topics.yml"
    return read_topics(yaml.safe_load(path.read_text(encoding="utf-8")))


def aspects_of(topic_id: str) -> dict[str, str]:
    """Give what 「項目は？」 (items), 「誰が？」 (who), 「誰に？」 (whom) and 「いつまで？」 (until) ask for now."""
    topic = topic_table().get(topic_id)
    found = dict(_ASPECTS)
    for above in reversed([topic_id, *wider_topics(topic, topic_table())] if topic else []):
        found |= topic_table()[above].aspects
    return found


def followup_topic(last_topic: str | None, kind: str, is_covered: Callable[[str], bool]) -> str | None:
    """Give the topic that 「ほかには？」 (more), 「番号は？」 (contact) or 「その目的は？」 (purpose) asks for now."""
    if kind == "contact":
        return "contact"
    topic = topic_table().get(last_topic or "")
    if topic is None:
        return None
    return topic.purpose or "purposes" if kind == "purpose" else _next_topic(topic, is_covered)


def _next_topic(topic: Topic, is_covered: Callable[[str], bool]) -> str | None:
    """Go on from topic to topic, past those that the policy says nothing about."""
    seen = {topic.id}
    while (following := topic.more or topic.parent) is not None and following not in seen:
        if is_covered(following):
            return following
        seen.add(following)
        topic = topic_table()[following]
    return None
