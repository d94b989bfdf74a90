"""The web pages of staff."""
