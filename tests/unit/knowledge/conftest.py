from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.company import Company, load_company

SEEDS = Path(__file__).resolve().parents[3] / "data" / "policies"


@pytest.fixture(scope="session")
def okura() -> Company:
    return load_company(SEEDS / "okura")


@pytest.fixture(scope="session")
def kagoshima() -> Company:
    return load_company(SEEDS / "kagoshima")
