"""The lines that docs/machines.md gives to whoever receives webhooks."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from bot.delivery.webhooks import sign
from bot.settings import ROOT

Genuine = Callable[[str, str, bytes], bool]


@pytest.fixture
def genuine() -> Genuine:
    found = re.search(r"```python\n(.*?)```", (ROOT / "docs/machines.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    names: dict[str, Genuine] = {}
    exec(found[1], names)
    return names["genuine"]


def test_they_take_what_the_desk_signed_and_nothing_else(genuine: Genuine) -> None:
    now, body = int(time.time()), '{"id": "日本"}'
    header = sign("whsec_x", now, body)
    assert genuine("whsec_x", header, body.encode())
    assert not genuine("whsec_y", header, body.encode())
    assert not genuine("whsec_x", header, body.encode() + b" ")
    assert not genuine("whsec_x", sign("whsec_x", now - 301, body), body.encode())
    assert not genuine("whsec_x", header.replace(f"t={now}", f"t={now + 1}"), body.encode())
