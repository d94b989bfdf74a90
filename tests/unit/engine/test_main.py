import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT


@pytest.mark.parametrize(
    ("setting", "named"), [({"MODEL_DIR": "{folder}"}, "run `make train`"), ({"ENGINE_PORT": "x"}, "ENGINE_PORT='x'")]
)
def test_what_keeps_the_engine_from_starting_is_one_line(tmp_path: Path, setting: dict[str, str], named: str) -> None:
    given = {name: value.format(folder=tmp_path) for name, value in setting.items()}
    environ = {**os.environ, "VAR_DIR": str(tmp_path), **given}
    ran = subprocess.run(
        [sys.executable, "-m", "bot.engine"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    [line] = ran.stderr.splitlines()
    assert line.startswith("engine: ")
    assert named in line
