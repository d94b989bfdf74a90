"""docs/api/web.openapi.yaml says what the API does, no more and no less."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from bot.channels.web.api import ChatApi
from bot.channels.web.outgoing import SHOWN
from bot.settings import ROOT
from tests.unit.channels.web.conftest import Browser

DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "docs/api/web.openapi.yaml").read_text(encoding="utf-8"))


def check(name: str, content: object) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(schema).validate(content)


def test_it_names_every_route_and_no_other() -> None:
    described = {(f"{method.upper()}", path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    routes = ChatApi.__new__(ChatApi).routes()
    served = {(m, f"/chat{route.path}") for route in routes for m in (route.methods or ()) if m != "HEAD"}
    assert described == served


def test_it_names_everything_that_is_shown_of_a_message() -> None:
    assert set(SHOWN) <= set(DOCUMENT["components"]["schemas"]["Message"]["properties"])


@pytest.mark.parametrize("text", ["リコールのときは？", "案内を止めて", "見せて", "こんにちは"])
def test_answers_have_the_shape_it_describes(browser: Browser, text: str) -> None:
    check("Welcome", browser.start().json())
    check("Receipt", browser.send(text).json())
    browser.settle()
    check("Transcript", browser.call("GET", "messages").json())
    check("Error", browser.start("nobody").json())


def test_a_shape_it_does_not_describe_is_found() -> None:
    with pytest.raises(jsonschema.ValidationError):
        check("Receipt", {"id": "x", "seq": 0, "repeated": True})
