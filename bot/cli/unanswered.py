"""`madoguchi unanswered`: what customers asked and the desk could not answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import typer

from bot.cli.options import CompanyId, Json, known_company, opened_store, read_settings
from bot.cli.printing import in_japan, print_rows
from bot.services.records import UnansweredQuestion
from bot.settings import Settings

app = typer.Typer()

COLUMNS = ("nearest", "times", "last_asked", "company", "example")


@app.command("unanswered")
def list_unanswered(company: CompanyId = None, as_json: Json = False) -> None:
    """Group the questions that got no answer by what they come nearest to, the most frequent first."""
    settings = read_settings()
    wanted = known_company(settings, company)
    with opened_store(settings) as store, store.transaction(read_only=True) as tx:
        questions = tx.unanswered.find(wanted)
    print_rows(_grouped(questions, settings), COLUMNS, as_json=as_json)


def _grouped(questions: Iterable[UnansweredQuestion], settings: Settings) -> list[dict[str, Any]]:
    from bot.understanding.model import load_model

    groups: dict[tuple[str, str], list[UnansweredQuestion]] = {}
    model = load_model(settings.model_dir) if questions else None
    for question in questions:
        understood = model.understand(question.text) if model else None
        nearest = _nearest(understood) if understood else ""
        groups.setdefault((nearest, question.company or ""), []).append(question)
    rows = [_row(nearest, company, group) for (nearest, company), group in groups.items()]
    return sorted(rows, key=lambda row: -int(row["times"]))


def _nearest(understood: Any) -> str:
    if understood.topics:
        return f"{understood.ranking[0][0]}.{understood.topics[0][0]}"
    return str(understood.ranking[0][0])


def _row(nearest: str, company: str, group: list[UnansweredQuestion]) -> dict[str, Any]:
    last = max(group, key=lambda question: question.asked_at)
    return {
        "nearest": nearest,
        "times": len(group),
        "last_asked": in_japan(last.asked_at),
        "company": company,
        "example": last.text,
        "texts": [question.text for question in group],
    }
