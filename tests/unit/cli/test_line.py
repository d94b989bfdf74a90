from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from tests.line_server import Bot, Fault, LineServer
from tests.unit.cli.conftest import Run

WEBHOOK = "https://desk.example/line/okura/webhook"


@pytest.fixture
def line() -> Iterator[LineServer]:
    """LINE in a thread of its own, since a command has its own event loop."""
    loop, server = asyncio.new_event_loop(), LineServer(limit=200)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
    yield server
    asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def account(line: LineServer, monkeypatch: pytest.MonkeyPatch) -> Bot:
    """An account that is set up right."""
    bot = line.add("okura")
    line.endpoints["okura"] = {"endpoint": WEBHOOK, "active": True}
    monkeypatch.setenv("LINE_API_BASE", line.url)
    monkeypatch.setenv("PUBLIC_URL", "https://desk.example/")
    monkeypatch.setenv("LINE_OKURA_CHANNEL_SECRET", bot.secret)
    monkeypatch.setenv("LINE_OKURA_CHANNEL_ACCESS_TOKEN", bot.token)
    return bot


def failures(run: Run) -> list[str]:
    """What the check finds wrong; its status tells whether anything is."""
    done = run("line", "check", "okura")
    found = [text for text in done.out.splitlines() if text.startswith("FAIL")]
    assert done.status == (1 if found else 0)
    return found


@pytest.mark.usefixtures("account")
def test_an_account_that_is_right_is_said_to_be(run: Run, line: LineServer) -> None:
    line.used = 12
    done = run("line", "check", "okura")
    assert done.status == 0
    assert done.out.splitlines() == [
        "ok    The channel access token is that of the account “okura”.",
        f"ok    LINE sends webhooks to {WEBHOOK}.",
        "ok    A webhook that LINE sent to try the address was answered.",
        "ok    Pushes this month: 12 of 200, 188 are left.",
    ]


@pytest.mark.parametrize(
    ("variable", "value", "mend"),
    [
        ("LINE_OKURA_CHANNEL_ACCESS_TOKEN", "another", "issue a new one and set LINE_OKURA_CHANNEL_ACCESS_TOKEN"),
        ("LINE_API_BASE", "http://127.0.0.1:9", "check the network, and LINE_API_BASE"),
        ("PUBLIC_URL", "https://elsewhere.example", "change it in LINE Developers, or PUBLIC_URL"),
    ],
)
@pytest.mark.usefixtures("account")
def test_a_wrong_setting_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, mend: str
) -> None:
    monkeypatch.setenv(variable, value)
    [failure] = failures(run)
    assert mend in failure


@pytest.mark.usefixtures("account")
def test_an_address_without_tls_is_named(run: Run, line: LineServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://desk.example")
    line.endpoints["okura"]["endpoint"] = "http://desk.example/line/okura/webhook"
    [failure] = failures(run)
    assert "https addresses only" in failure


@pytest.mark.usefixtures("account")
def test_webhooks_that_lead_nowhere_are_named(run: Run, line: LineServer) -> None:
    line.endpoints["okura"]["active"] = False
    assert "Use webhook" in failures(run)[0]
    del line.endpoints["okura"]
    assert failures(run) == [f"FAIL  LINE has no webhook address: set it to {WEBHOOK} in LINE Developers."]


@pytest.mark.parametrize(
    ("status", "mend"),
    [(401, "channel secret"), (404, "start the desk anew"), (0, "certificate"), (500, "the desk's log")],
)
@pytest.mark.usefixtures("account")
def test_what_the_address_answered_is_explained(run: Run, line: LineServer, status: int, mend: str) -> None:
    line.endpoint_test = {"success": False, "statusCode": status, "reason": "x", "detail": "y"}
    [failure] = failures(run)
    assert mend in failure


@pytest.mark.usefixtures("account")
def test_a_month_that_is_used_up_is_told(run: Run, line: LineServer) -> None:
    line.used = 200
    assert "larger plan" in failures(run)[0]
    line.limit = None
    assert "without a limit" in run("line", "check", "okura").out


@pytest.mark.parametrize(("status", "mend"), [(429, "in a minute"), (503, "later")])
@pytest.mark.usefixtures("account")
def test_what_passes_is_told_to_pass(run: Run, line: LineServer, status: int, mend: str) -> None:
    line.faults.append(Fault("info", status))
    assert mend in failures(run)[0]


def test_missing_credentials_are_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    names = "LINE_OKURA_CHANNEL_SECRET", "LINE_OKURA_CHANNEL_ACCESS_TOKEN"
    for name in names:
        monkeypatch.delenv(name, raising=False)
    assert all(name in failures(run)[0] for name in names)
    monkeypatch.setenv(names[0], "secret")
    done = run("line", "check", "okura")
    assert (done.status, names[1] in done.err) == (1, True)


def test_an_unknown_company_is_a_wrong_use(run: Run) -> None:
    done = run("line", "check", "nobody")
    assert (done.status, "nobody" in done.err) == (2, True)
