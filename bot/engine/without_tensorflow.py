"""Leave TensorFlow out of the engine: 360 MB and half of its start, for a model without a neural component.

Rasa imports two modules of its own for the training of such components wherever it imports anything; they alone import
TensorFlow. Others stand in for them, until somebody wants to use one.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from bot.errors import MadoguchiError

UNUSED = ("rasa.utils.tensorflow.callback", "rasa.utils.tensorflow.data_generator")


class TensorFlowMissing(MadoguchiError):
    """A component of the model needs what was left out."""


class _Unused(ModuleType):
    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__init__": _refuse})


def _refuse(self: object, *arguments: Any, **options: Any) -> None:
    raise TensorFlowMissing(f"{type(self).__name__} needs TensorFlow, which {__name__} leaves out of the engine")


def leave_tensorflow_out() -> None:
    """Put the stand-ins in place; to be called before anything of Rasa is imported."""
    for name in UNUSED:
        sys.modules.setdefault(name, _Unused(name))
