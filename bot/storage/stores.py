"""The condition of rows that belong to some of a company's stores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, or_


def of_stores(column: Column, stores: Sequence[str] | None) -> list[Any]:
    """Leave the rows of `stores`, of which an empty one stands for what belongs to none; None leaves all."""
    if stores is None:
        return []
    named = column.in_([store for store in stores if store])
    return [or_(named, column.is_(None)) if "" in stores else named]
