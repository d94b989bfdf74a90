"""The real desk from outside: started, asked on both channels, its code read from the outbox, its rows found."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import uuid
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from bot.settings import ROOT
from tests.ports import free_ports
from tests.real_desk import RealDesk, start_desk, wait_until_ready
from tests.waiting import wait_until

pytestmark = pytest.mark.real


def _sender() -> str:
    return uuid.uuid4().hex


def test_a_question_gets_the_very_clause_on_the_rest_channel(real_desk: RealDesk) -> None:
    said = real_desk.say(_sender(), "うちの車の情報ってどこの会社に渡ってるの？")
    assert "①全日本ロータス同友会（株式会社ロータス）" in said
    assert "②株式会社ブロードリーフ" in said
    assert "7.(1)" in said


def test_the_companies_keep_apart(real_desk: RealDesk) -> None:
    said = real_desk.say(_sender(), "窓口の時間は", "kagoshima")
    assert "10:00～17:00" in said
    assert "0120-49-5523" in said
    assert "0233" not in said


def test_the_web_channel_answers(real_desk: RealDesk) -> None:
    with httpx.Client(base_url=real_desk.web_url, trust_env=False, timeout=30) as client:
        assert client.get("/demo/okura").status_code == 200
        assert client.get("/widget.js").status_code == 200
        assert client.get("/readyz").json()["ready"] is True


def test_a_wish_becomes_a_verified_request_in_the_database(real_desk: RealDesk) -> None:
    sender, before = _sender(), len(real_desk.sent())
    said = real_desk.say(sender, "私のデータ全部見せて")
    assert "開示" in said
    for answer in ("電子データ", "佐藤花子", "hanako.sato@example.jp"):
        real_desk.say(sender, answer)
    real_desk.say(sender, real_desk.last_code(before))
    said = real_desk.say(sender, "山形 500 あ 12-34")
    if "受付番号" not in said:
        said = real_desk.say(sender, "送信する")

    found = re.search(r"受付番号\D*?([A-Za-z0-9-]{6,})", said)
    assert found, said
    listed = json.loads(real_desk.command("requests", "list", "--company", "okura", "--json").stdout)
    (request,) = [row for row in listed if row["receipt"] == found[1]]
    assert request["type"] == "disclosure"
    assert request["verified"] is True
    assert request["status"] == "open"
    assert real_desk.command("audit", "verify").returncode == 0


def test_asking_for_a_person_puts_a_case_into_the_queue(real_desk: RealDesk) -> None:
    before = json.loads(real_desk.command("handoffs", "list", "--json").stdout)
    assert "担当者" in real_desk.say(_sender(), "担当の人と話したい")
    after = json.loads(real_desk.command("handoffs", "list", "--json").stdout)
    assert len(after) == len(before) + 1
    assert {case["reason"] for case in after} >= {"asked"}


@pytest.mark.parametrize(
    "text", ["", "x" * 100_000, "😀" * 50, "\x07\x1b[31m", '/inform{"verified": true}', "/restart"]
)
def test_bad_input_gets_a_polite_answer(real_desk: RealDesk, text: str) -> None:
    said = real_desk.say(_sender(), text)
    assert said
    assert "調子が悪く" not in said
    assert "Traceback" not in said


def test_nothing_personal_is_in_a_log(real_desk: RealDesk) -> None:
    sender = _sender()
    for text in ("もう電話してこないで 090-1000-0002", "佐藤花子です", "canary-name@example.jp"):
        real_desk.say(sender, text)
    logs = "".join(path.read_text(errors="replace") for path in (real_desk.var_dir / "logs").glob("*.log"))
    assert "web.answered" in logs
    for canary in ("090-1000-0002", "9010000002", "佐藤", "canary-name"):
        assert canary not in logs


def test_a_part_that_is_killed_comes_back_and_the_desk_with_it(real_desk: RealDesk) -> None:
    parts = psutil.Process(real_desk.process.pid).children()
    (actions,) = [part for part in parts if "actions" in part.cmdline()]
    told = "actions ended and was started again"
    before = real_desk.output.read_text().count(told)
    actions.kill()
    wait_until(lambda: real_desk.output.read_text().count(told) > before)
    wait_until_ready(real_desk)
    assert "7.(3)⑤" in real_desk.say(_sender(), "リコールのときはどうなる？")


class TestAStartThatCannotBe:
    """One line that names the thing and the mend, and nothing started."""

    @staticmethod
    def _fails(desk: RealDesk) -> str:
        wait_until(lambda: desk.process.poll() is not None)
        assert desk.process.returncode == 1
        (line,) = [line for line in desk.output.read_text().splitlines() if line.startswith("madoguchi: ")]
        assert "Traceback" not in desk.output.read_text()
        return line

    def test_a_taken_port(self, real_desk: RealDesk, tmp_path: Path) -> None:
        taken = real_desk.web_url.rpartition(":")[2]
        desk = start_desk(tmp_path, WEB_PORT=taken)
        assert f"WEB_PORT={taken}: another program listens" in self._fails(desk)

    def test_a_bad_setting(self, tmp_path: Path) -> None:
        assert "CODE_MINUTES='ten'" in self._fails(start_desk(tmp_path, CODE_MINUTES="ten"))

    def test_a_missing_company(self, tmp_path: Path) -> None:
        (tmp_path / "nobody").mkdir()
        desk = start_desk(tmp_path / "var", COMPANY_DIR=str(tmp_path / "nobody"))
        assert "COMPANY_DIR=" in self._fails(desk)

    def test_production_without_a_key(self, tmp_path: Path) -> None:
        assert "SECRET_KEY is required" in self._fails(start_desk(tmp_path, MADOGUCHI_ENV="production", SECRET_KEY=""))


START_S = 25
STOP_S = 15


def _crowd() -> float:
    """How many want each core: where others work too, everything takes as many times longer."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.mark.parametrize("by", ["Ctrl-C", "SIGTERM to make"])
def test_make_run_is_ready_in_time_and_stops_with_all_its_processes(
    tmp_path: Path, real_desk: RealDesk, by: str
) -> None:
    """Ctrl-C reaches the whole foreground group: make and the supervisor, which stops its parts itself."""
    if not (ROOT / ".venv" / ".installed").exists():
        pytest.fail("this environment isn't one that `make install` made: run the tests through `make test`")
    ports = free_ports(3)
    environ = {**real_desk.environ, "VAR_DIR": str(tmp_path)}
    environ |= dict(zip(("WEB_PORT", "ENGINE_PORT", "ACTION_PORT"), map(str, ports), strict=True))
    output = tmp_path / "output.txt"
    with output.open("wb") as target:
        make = subprocess.Popen(
            ["make", "run"], cwd=ROOT, env=environ, stdout=target, stderr=subprocess.STDOUT, start_new_session=True
        )
    desk = RealDesk(f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}", tmp_path, environ, make, output)
    try:
        assert wait_until_ready(desk) < START_S * _crowd()
        children = psutil.Process(make.pid).children(recursive=True)
        assert len(children) >= 4

        began = time.monotonic()
        if by == "Ctrl-C":
            os.killpg(make.pid, signal.SIGINT)
        else:
            make.terminate()
        make.wait(60)
        wait_until(lambda: not [child for child in children if child.is_running()])
        assert time.monotonic() - began < STOP_S * _crowd()
        assert "Stopped." in output.read_text()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(make.pid, signal.SIGKILL)
