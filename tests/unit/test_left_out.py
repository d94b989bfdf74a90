"""The plugin that leaves tests out by name, over small suites of its own."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

SUITE = """
import pytest

@pytest.mark.needs("redis")
def test_with_redis():
    pass

def test_without():
    pass
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    pytester.makepyfile(SUITE)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PATH", str(pytester.mkdir("empty")))
    return pytester


def _run(suite: pytest.Pytester) -> pytest.RunResult:
    return suite.runpytest_inprocess("-p", "tests.left_out", "-p", "no:cacheprovider")


def test_what_a_missing_program_leaves_out_is_named_with_its_mend(suite: pytest.Pytester) -> None:
    done = _run(suite)
    done.assert_outcomes(passed=1, skipped=1)
    assert done.ret == 0
    said = done.stdout.str()
    assert "left out: 1 tests that need Redis" in said
    assert "apt-get install redis-server" in said
    assert "test_with_redis" in said


def test_ci_may_leave_out_nothing(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    done = _run(suite)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    assert "CI may leave out nothing, but 1 tests were." in done.stdout.str()


def test_with_the_program_everything_runs(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    program = suite.path / "empty" / "redis-server"
    program.touch(mode=0o755)
    monkeypatch.setenv("CI", "true")
    done = _run(suite)
    done.assert_outcomes(passed=2)
    assert done.ret == 0


def test_no_unit_test_is_real(suite: pytest.Pytester) -> None:
    folder = suite.mkpydir("tests")
    (folder / "unit").mkdir()
    (folder / "unit" / "test_one.py").write_text("import pytest\n\n@pytest.mark.real\ndef test_desk():\n    pass\n")
    done = _run(suite)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert "belongs into tests/integration" in done.stderr.str()
