"""The command as an operator's shell and scripts see it: a process, its output and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "companies"


def madoguchi(*arguments: str, stdin: str = "", var_dir: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(var_dir), "MODEL_DIR": str(var_dir / "no-models")},
        timeout=120,
        check=False,
    )


def answers(*arguments: str, stdin: str, var_dir: Path) -> list[dict[str, Any]]:
    done = madoguchi("policy", "ask", *arguments, "--batch", stdin=stdin, var_dir=var_dir)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_batch_answers_every_line_in_order(tmp_path: Path) -> None:
    asked = ["リコールのときはどうなる？", "", "クッキーは使ってますか", "今日の天気は"]
    rows = answers("okura", stdin="\n".join(asked) + "\n", var_dir=tmp_path)
    assert [row["question"] for row in rows] == asked
    assert [row["covered"] for row in rows] == [True, False, False, False]
    assert all(set(row) == {"question", "answer", "clauses", "covered"} for row in rows)
    assert rows[0]["clauses"][0]["citation"] == "7.(3)⑤"
    assert rows[0]["clauses"][0]["text"].startswith("⑤ リコールが発生した場合")
    assert "0233-75-3111" in rows[2]["answer"]
    assert rows[2]["clauses"] == []


def test_a_policy_file_of_no_company_is_answered_from(tmp_path: Path) -> None:
    path = str(FIXTURES / "tsumugi_store" / "policy.md")
    done = madoguchi("policy", "ask", "--file", path, "注文の記録は何年残すの", "--json", var_dir=tmp_path)
    row = json.loads(done.stdout)
    assert row["covered"]
    assert any("7年間残します" in clause["text"] for clause in row["clauses"])
    assert "<" not in row["answer"]


def test_check_reports_in_japanese_and_in_json(tmp_path: Path) -> None:
    text = madoguchi("policy", "check", "okura", var_dir=tmp_path).stdout
    assert "管理責任者の記載が見つかりません" in text
    assert "だれであるかが書かれていません" in text
    report = json.loads(madoguchi("policy", "check", "okura", "--json", var_dir=tmp_path).stdout)
    assert {"joint_use_without", "unnamed_person", "slip"} <= {finding["kind"] for finding in report["findings"]}
    assert "cookies" in report["uncovered"]


def test_show_gives_the_tree_with_topics(tmp_path: Path) -> None:
    rows = json.loads(madoguchi("policy", "show", "okura", "--json", var_dir=tmp_path).stdout)
    recall = next(row for row in rows if row["citation"] == "7.(3)⑤")
    assert "recall" in recall["topics"]


def test_diff_tells_what_changed(tmp_path: Path) -> None:
    old = FIXTURES / "kusunoki_dental" / "policy.md"
    new = tmp_path / "new.md"
    new.write_text(old.read_text(encoding="utf-8").replace("治療が終わった日から5年", "7年"), encoding="utf-8")
    done = madoguchi("policy", "diff", str(old), str(new), "--json", var_dir=tmp_path)
    (change,) = json.loads(done.stdout)
    assert (change["kind"], change["new_citation"]) == ("changed", "4.（診療録（カルテ））")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask"], "COMPANY is missing"),
        (["ask", "okura"], "QUESTION is missing"),
        (["ask", "nowhere", "質問"], "nowhere"),
        (["ask", "--file", "nowhere.md", "質問"], "nowhere.md"),
        (["check"], "COMPANY or --file"),
        (["check", "okura", "--file", "nowhere.md"], "not both"),
    ],
)
def test_a_wrong_use_is_told_in_one_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    done = madoguchi("policy", *arguments, var_dir=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr
