from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from bot.settings import Settings
from bot.web.app import Parts, build_app


def test_the_list_names_every_company(client: TestClient) -> None:
    page = client.get("/").text
    assert '<a href="/demo/okura">有限会社大蔵自動車</a>' in page
    assert '<a href="/demo/kagoshima">鹿児島日産自動車株式会社</a>' in page


def test_a_company_site_embeds_the_widget_by_one_script_tag(client: TestClient) -> None:
    page = client.get("/demo/okura")
    assert page.text.count("<script") == 1
    assert '<script src="/widget.js" data-company="okura" defer></script>' in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "〒996-0212 " in page.text


def test_an_unknown_company_has_no_page(client: TestClient) -> None:
    assert client.get("/demo/nobody").status_code == 404


@pytest.mark.parametrize("path", ["/", "/demo/okura", "/demo/site.css"])
def test_production_has_no_demo(settings: Settings, parts: Parts, path: str) -> None:
    production = replace(settings, environment="production")
    assert TestClient(build_app(production, parts)).get(path).status_code == 404
