"""Guess the topics of a question from the table's own patterns, where no trained model is there."""

from bot.knowledge.clauses import matching_form
from bot.knowledge.topics import topic_table

_AT_MOST = 3


def guess_topics(question: str) -> list[tuple[str, float]]:
    """Rank topics by how much of the question their patterns explain, with shares that sum to at most 1."""
    key = matching_form(question)
    found: dict[str, float] = {}
    for topic in topic_table().values():
        lengths = [len(match.group()) for pattern in topic.question if (match := pattern.search(key))]
        if lengths:
            found[topic.id] = max(lengths) + 2 * (len(lengths) - 1) + (1.5 if topic.parent else 0)
    best = sorted(found.items(), key=lambda pair: -pair[1])[:_AT_MOST]
    total = sum(weight**2 for _, weight in best)
    return [(topic_id, weight**2 / total) for topic_id, weight in best]
