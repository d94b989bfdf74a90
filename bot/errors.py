"""The errors of Madoguchi, each defined beside the code that raises it, all under one root."""

from __future__ import annotations

from collections.abc import Mapping


class MadoguchiError(Exception):
    """Root of all errors that the entrances turn into an answer; its text is for operators, in English.

    An error that staff can cause has a `phrase`: the name of the words that they read, filled in with `values`.
    """

    phrase: str = ""
    values: Mapping[str, object] = {}


class SettingError(MadoguchiError):
    """A setting or a file of settings is missing or wrong; the text names it and the mend."""


class NotFound(MadoguchiError):
    """Nothing with that id exists for the one who asks."""


class Busy(MadoguchiError):
    """A part has as much to do as it can take; what is stored is worked on later."""


class Unavailable(MadoguchiError):
    """A part that the desk stands on does not answer just now; trying again later may help."""
