"""The charts and the spreadsheet of the overview, made of the same figures as its tables."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from bot.console import charts
from bot.console.charts import Series
from bot.knowledge.topics import topic_table
from bot.privacy.request_types import request_type
from bot.privacy.statuses import Status
from bot.services.overview import Sight
from bot.services.phrases import Phrasebook
from bot.services.spreadsheet import write_csv

MOST_TOPICS = 10
"""So many stand in the chart; the table has all."""


def topic_label(topic: str) -> str:
    """A topic as people call it; one that has left the table keeps its id."""
    known = topic_table().get(topic)
    return known.label if known else topic


def weekly(sight: Sight, narrow: bool, phrases: Phrasebook) -> bytes:
    """Draw the conversations of each week: by the bot alone, and with a person."""
    alone = [max(0, week.conversations - week.handed_over) for week in sight.weeks]
    with_staff = [min(week.conversations, week.handed_over) for week in sight.weeks]
    named = [
        Series(phrases.text("chart_bot_alone"), alone),
        Series(phrases.text("chart_with_staff"), with_staff),
    ]
    return charts.columns(_week_labels(sight), named, phrases.text("chart_nothing"), narrow)


def questions(sight: Sight, narrow: bool, phrases: Phrasebook) -> bytes:
    """Draw the questions of each week: answered, and left open."""
    answered = [week.asked - week.unanswered for week in sight.weeks]
    named = [
        Series(phrases.text("chart_answered"), answered),
        Series(phrases.text("chart_unanswered"), [week.unanswered for week in sight.weeks]),
    ]
    return charts.columns(_week_labels(sight), named, phrases.text("chart_nothing"), narrow)


def topics(sight: Sight, narrow: bool, phrases: Phrasebook) -> bytes:
    """Draw the topics that were asked most."""
    most = list(sight.topics.items())[:MOST_TOPICS]
    numbers = [sum(weeks.values()) for _, weeks in most]
    asked = [Series(phrases.text("chart_asked"), numbers)]
    return charts.rows([topic_label(topic) for topic, _ in most], asked, phrases.text("chart_nothing"), narrow)


def requests(sight: Sight, narrow: bool, phrases: Phrasebook) -> bytes:
    """Draw the requests of each type, by how they stand."""
    by_type = requests_by_type(sight)
    named = [
        Series(phrases.text(f"standing_{status.value}"), [row.get(status.value, 0) for row in by_type.values()])
        for status in Status
        if any(row.get(status.value) for row in by_type.values())
    ]
    return charts.rows([request_type(kind).label for kind in by_type], named, phrases.text("chart_nothing"), narrow)


Draw = Callable[[Sight, bool, Phrasebook], bytes]
CHARTS: Mapping[str, Draw] = {"weekly": weekly, "questions": questions, "topics": topics, "requests": requests}


def requests_by_type(sight: Sight) -> dict[str, dict[str, int]]:
    """The requests of each type by status, the most frequent type first."""
    rows: dict[str, dict[str, int]] = {}
    for (kind, status), number in sight.outcomes.items():
        rows.setdefault(kind, {})[status] = number
    return dict(sorted(rows.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def spreadsheet(sight: Sight, phrases: Phrasebook) -> str:
    """Write all figures as one table; its first character tells Excel that it is UTF-8."""
    target = io.StringIO()
    write_csv(
        target, [phrases.text(f"csv_{name}") for name in ("group", "item", "week", "number")], _lines(sight, phrases)
    )
    return f"\ufeff{target.getvalue()}"


def _lines(sight: Sight, phrases: Phrasebook) -> Iterator[tuple[str, str, str, str]]:
    now = {"open": sight.running.open, "due_soon": sight.running.due_soon, "late": sight.running.late}
    for name, number in {**now, "waiting": sight.waiting}.items():
        yield phrases.text("csv_now"), phrases.text(f"figure_{name}"), "", str(number)
    for week in sight.weeks:
        for name in ("conversations", "handed_over", "asked", "unanswered"):
            figure = phrases.text(f"figure_{name}")
            yield phrases.text("csv_weekly"), figure, week.monday.isoformat(), str(getattr(week, name))
    for topic, weeks in sight.topics.items():
        for day, number in sorted(weeks.items()):
            yield phrases.text("csv_topics"), topic_label(topic), day.isoformat(), str(number)
    for kind, row in requests_by_type(sight).items():
        for status, number in row.items():
            item = f"{request_type(kind).label} {phrases.text(f'standing_{status}')}"
            yield phrases.text("csv_requests"), item, "", str(number)


def _week_labels(sight: Sight) -> list[str]:
    return [_short(week.monday) for week in sight.weeks]


def _short(day: date) -> str:
    return f"{day.month}/{day.day}"
