from __future__ import annotations

import io
import json
import logging
import warnings

import pytest
import structlog

CANARIES = ("山田 太郎", "taro@example.jp", "090-1234-5678", "+819012345678", "12345678", "山形 500 あ 12-34")


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_json_line_with_what_is_known_to_be_harmless(logs: io.StringIO) -> None:
    structlog.get_logger().info("web.answered", route="/chat/{id}", status=200, text="hello")
    (line,) = _lines(logs)
    assert line.pop("timestamp")
    assert line == {"event": "web.answered", "level": "info", "route": "/chat/{id}", "status": 200}


@pytest.mark.parametrize("canary", CANARIES)
def test_no_personal_value_comes_through_an_event_a_key_or_an_error(logs: io.StringIO, canary: str) -> None:
    log = structlog.get_logger()
    log.warning(f"could not read {canary}", error=f"bad value {canary}", name=canary)
    try:
        raise ValueError(canary)
    except ValueError:
        log.exception("failed")
        logging.getLogger("sqlalchemy.engine").exception("failed with %s", canary)
        logging.getLogger("rasa.core").error(f"message '{canary}' failed")
        logging.getLogger("bot.x").error("own %s", canary)
    assert len(_lines(logs)) == 5
    assert canary not in logs.getvalue()
    assert canary not in json.dumps(_lines(logs), ensure_ascii=False)


def test_an_exception_tells_its_type_and_where_it_came_from(logs: io.StringIO) -> None:
    try:
        {}["secret"]
    except KeyError as error:
        structlog.get_logger().error("failed", exc_info=error)
    exception = _lines(logs)[0]["exception"]
    assert isinstance(exception, list)
    assert exception[0] == "KeyError"
    assert exception[1].endswith("test_an_exception_tells_its_type_and_where_it_came_from")
    assert "secret" not in logs.getvalue()


def test_warnings_of_libraries_are_left_out(logs: io.StringIO) -> None:
    warnings.simplefilter("always")
    warnings.warn("old", DeprecationWarning, stacklevel=1)
    assert _lines(logs) == []


def test_libraries_are_heard_from_warnings_up(logs: io.StringIO) -> None:
    logging.getLogger("rasa.core.processor").info("user said something")
    logging.getLogger("bot.x").info("ours")
    assert [line["event"] for line in _lines(logs)] == ["ours"]
