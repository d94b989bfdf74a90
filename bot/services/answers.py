"""Answer questions about a company's policy, and those that follow from the last answer."""

from __future__ import annotations
