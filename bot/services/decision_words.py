"""A decision in the words that its customer reads."""

from __future__ import annotations

from collections.abc import Mapping

from bot.privacy.refusal_grounds import refusal_ground
from bot.services.phrases import Phrasebook
from bot.services.records import DataSubjectRequest


def decision_news(
    phrases: Phrasebook, request: DataSubjectRequest, noted: Mapping[str, str]
) -> tuple[str, dict[str, object]]:
    """The name and the words of the news that a decision makes; `noted` is the decision as a request keeps it."""
    outcome = "part" if noted.get("part") else noted["outcome"]
    return f"decision_{outcome}", {"words": noted["words"], "ground": ground_words(phrases, request, noted["ground"])}


def ground_words(phrases: Phrasebook, request: DataSubjectRequest, ground: str) -> str:
    """A ground as the customer reads it, with its article."""
    if not ground:
        return ""
    article = refusal_ground(ground, request.type).article
    return phrases.text("ground", words=phrases.text(f"ground_{ground}"), article=article)
