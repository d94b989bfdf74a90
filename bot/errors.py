"""The errors of Madoguchi, each defined beside the code that raises it, all under one root."""


class MadoguchiError(Exception):
    """Root of all errors that the entrances turn into an answer; its text is for operators, in English."""


class SettingError(MadoguchiError):
    """A setting or a file of settings is missing or wrong; the text names it and the mend."""


class NotFound(MadoguchiError):
    """Nothing with that id exists for the one who asks."""


class Unavailable(MadoguchiError):
    """A part that the desk stands on does not answer just now; trying again later may help."""
