"""Measurements of the desk against named peers, all on one machine and in one run."""
