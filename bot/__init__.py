"""Madoguchi, a privacy desk: policy answers with citations, verified data subject requests, handoff to staff."""
