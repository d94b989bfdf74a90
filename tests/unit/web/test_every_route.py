"""Whatever comes in at whichever public route: an answer of ours, with our headers, and nothing of our inside."""

from __future__ import annotations

import os
import re
import string
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.web.entrance import HEADERS
from tests.unit.web.public_routes import public_routes
from tests.unit.web.whole_front import WholeFront

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
STREAMS = re.compile(r"/live$")
"""Pages that have no end to wait for once one is let in."""
INSIDE = ("Traceback", 'File "', "sqlalchemy", "starlette", "/site-packages/", "psycopg2")

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
_NASTY = st.sampled_from(
    [
        "",
        "..",
        "../../etc/passwd",
        "%00",
        "\x00",
        "okura",
        "kagoshima",
        "' OR 1=1 --",
        "<script>",
        "{{7*7}}",
        "𠮷" * 200,
    ]
)
_WORDS = st.one_of(_NASTY, _TEXT)
_NAMES = st.one_of(st.sampled_from(["company", "text", "id", "csrf", "status", "limit", "after", "email"]), _TEXT)
_PLAIN = st.text(string.ascii_letters + string.digits + " -_=;,/\"'<>{}", max_size=60)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("insider", [False, True], ids=["a stranger", "an insider"])
def test_nothing_that_comes_in_breaks_a_route(front: WholeFront, insider: bool) -> None:
    client, known = front.client(), front.insiders_headers() if insider else {}
    routes = [route for route in public_routes(front.app) if not STREAMS.search(route[1])]
    assert len(routes) > 40

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(routes), st.data())
    def strike(route: tuple[str, str], data: st.DataObject) -> None:
        method, path = route
        filled = re.sub(r"\{[^}]*\}", lambda _: _in_path(data.draw(_WORDS)), path)
        headers = {**known, **data.draw(st.dictionaries(st.sampled_from(_HEADERS), _PLAIN, max_size=3))}
        query = data.draw(st.dictionaries(_NAMES, _WORDS, max_size=3))
        if method in ("GET", "HEAD", "OPTIONS"):
            answer = client.request(method, filled, params=query, headers=headers)
        elif data.draw(st.booleans()):
            answer = client.request(method, filled, params=query, headers=headers, json=_sendable(data.draw(_VALUES)))
        else:
            answer = client.request(method, filled, headers=headers, data=query)
        assert answer.status_code < 500 or answer.status_code == 503, (method, filled, answer.text[:300])
        assert not [word for word in INSIDE if word in answer.text]
        assert set(HEADERS) <= {name.title() for name in answer.headers}

    strike()


_HEADERS = [
    "Origin",
    "Content-Type",
    "Last-Event-Id",
    "Idempotency-Key",
    "X-Csrf-Token",
    "Hx-Request",
    "Host",
    "Accept",
]


def _in_path(word: str) -> str:
    return quote(word, safe="/.%") or "x"


def _sendable(value: object) -> object:
    """JSON has no NaN."""
    if isinstance(value, float):
        return 0.5
    if isinstance(value, list):
        return [_sendable(one) for one in value]
    return {name: _sendable(one) for name, one in value.items()} if isinstance(value, dict) else value
