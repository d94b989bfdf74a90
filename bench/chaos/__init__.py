"""Faults while customers talk, and the count of what became of every message."""
