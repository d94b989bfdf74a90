"""The dialogue's rules as Rasa's own test stories show them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT, load_settings
from bot.supervisor.training import train

STORIES = ROOT / "tests" / "dialogue"
RULES = ROOT / "data" / "rules"
FORM = "request_form"


def read(folder: Path, kind: str) -> list[dict[str, Any]]:
    return [item for path in sorted(folder.glob("*.yml")) for item in yaml.safe_load(path.read_text())[kind]]


@dataclass
class Turn:
    """What a customer may have meant, what the desk did then, and the slots that lead its rules."""

    intents: frozenset[str]
    in_form: bool
    actions: list[str] = field(default_factory=list)
    slots: list[bool] = field(default_factory=list)

    def shows(self, rule: Turn) -> bool:
        """Tell whether this turn of a story is what that turn of a rule wants."""
        meant = self.in_form == rule.in_form and (not rule.intents or bool(self.intents & rule.intents))
        return meant and self.actions[: len(rule.actions)] == rule.actions and set(rule.slots) <= set(self.slots)


def turns(told: dict[str, Any]) -> list[Turn]:
    """Cut a rule or story at its messages."""
    in_form = {"active_loop": FORM} in told.get("condition", ())
    found = [Turn(frozenset(), in_form)]
    for step in told["steps"]:
        said = [choice["intent"] for choice in step.get("or", [step]) if "intent" in choice]
        if said:
            found.append(Turn(frozenset(said), in_form))
        elif "action" in step:
            found[-1].actions.append(step["action"])
        elif "active_loop" in step:
            in_form = step["active_loop"] == FORM
        else:
            found[-1].slots += [slot["request_open"] for slot in step.get("slot_was_set", ()) if "request_open" in slot]
    return [turn for turn in found if turn.actions]


RULES_READ = read(RULES, "rules")
STORY_TURNS = [turn for story in read(STORIES, "stories") for turn in turns(story)]


@pytest.mark.parametrize("rule", RULES_READ, ids=[rule["rule"] for rule in RULES_READ])
def test_every_rule_is_shown_by_a_story(rule: dict[str, Any]) -> None:
    for wanted in turns(rule):
        assert any(told.shows(wanted) for told in STORY_TURNS), f"add a story to tests/dialogue: {rule}"


def test_every_action_is_shown_by_a_story() -> None:
    actions = set(yaml.safe_load((ROOT / "domain.yml").read_text())["actions"])
    called_by_the_form = {f"validate_{FORM}", f"action_ask_{FORM}_answer"}
    assert {name for turn in STORY_TURNS for name in turn.actions} >= actions - called_by_the_form


@pytest.mark.real
def test_the_stories_come_out_as_told(tmp_path: Path) -> None:
    model = train(load_settings(), tmp_path / "train.log", lambda seconds: None)
    command = ["rasa", "test", "core", "--e2e", "--fail-on-prediction-errors"]
    places = ["--stories", str(STORIES), "--model", str(model), "--out", str(tmp_path / "results")]
    ran = subprocess.run(
        [sys.executable, "-m", *command, *places],
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    failed = (tmp_path / "results" / "failed_test_stories.yml").read_text()
    assert "None of the test stories failed" in failed
