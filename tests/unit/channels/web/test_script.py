from __future__ import annotations

import gzip

from starlette.testclient import TestClient

from bot.channels.web.script import SCRIPT

LIMIT = 30 * 1024


def test_every_website_may_load_it(client: TestClient) -> None:
    answer = client.get("/widget.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.content == SCRIPT.read_bytes()


def test_it_travels_small(client: TestClient) -> None:
    answer = client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(gzip.compress(SCRIPT.read_bytes(), 9, mtime=0)) <= LIMIT


def test_a_browser_that_knows_no_gzip_gets_it_plain(client: TestClient) -> None:
    answer = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers


def test_a_copy_that_is_still_good_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/widget.js").headers["etag"]
    assert client.get("/widget.js", headers={"If-None-Match": f'"other", {tag}'}).status_code == 304
    assert client.get("/widget.js", headers={"If-None-Match": '"other"'}).status_code == 200
