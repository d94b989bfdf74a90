import subprocess
import sys

import pytest

from bot.engine.without_tensorflow import UNUSED, TensorFlowMissing, _Unused
from bot.settings import ROOT

STARTS = """
import sys
from bot.engine.without_tensorflow import leave_tensorflow_out
leave_tensorflow_out()
import rasa.core.run, rasa.core.policies.rule_policy, rasa.core.policies.ensemble
import bot.engine.channels, bot.engine.mends, bot.engine.nlu
print(sorted({name.split(".")[0] for name in sys.modules} & {"tensorflow", "keras", "jax"}))
"""


def test_the_engine_is_imported_without_tensorflow() -> None:
    ran = subprocess.run([sys.executable, "-c", STARTS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_what_is_left_out_says_so_when_it_is_used() -> None:
    callback = _Unused(UNUSED[0])
    with pytest.raises(TensorFlowMissing, match="RasaTrainingLogger needs TensorFlow"):
        callback.RasaTrainingLogger(1, silent=True)
    assert not hasattr(callback, "__path__")
