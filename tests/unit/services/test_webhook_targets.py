from __future__ import annotations

import pytest

from bot.services.webhook_targets import WebhookRefused, WebhookRules
from bot.settings import Settings

STRICT = WebhookRules(strict=True)
LENIENT = WebhookRules(strict=False)
PUBLIC = "https://help.example/hook?key=x"


def test_production_is_strict_and_development_is_not() -> None:
    assert WebhookRules.of(Settings(environment="production")) == STRICT
    assert WebhookRules.of(Settings()) == LENIENT
    named = WebhookRules.of(Settings(environment="production", webhook_private_hosts=" Help.internal, 10.0.0.5 ,"))
    assert named.exceptions == {"help.internal", "10.0.0.5"}


def test_a_public_address_with_tls_is_taken() -> None:
    STRICT.check(PUBLIC)
    STRICT.check("https://93.184.216.34:8443/")


@pytest.mark.parametrize(
    "address",
    [
        *("", "help.example", "/hook", "ftp://help.example/", "file:///etc/passwd", "javascript:alert(1)", "https://"),
        *("https://user:pass@help.example/", "https://help.example/#x", "https://help.example/a b"),
        *("https://help.example/\n", "https://help.example:99999/", "https://[::1/", "https://例え.jp/"),
        "https://help.example/" + "a" * 2000,
    ],
)
@pytest.mark.parametrize("rules", [STRICT, LENIENT])
def test_what_is_no_plain_address_is_refused_everywhere(rules: WebhookRules, address: str) -> None:
    with pytest.raises(WebhookRefused):
        rules.check(address)


PRIVATE = [
    *("127.0.0.1", "127.8.9.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
    *("255.255.255.255", "224.0.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:f5ff:fffe"),
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_no_private_address_is_called_in_production(ip: str) -> None:
    assert not STRICT.may_call("help.example", ip)
    assert LENIENT.may_call("help.example", ip)
    host = f"[{ip}]" if ":" in ip else ip
    with pytest.raises(WebhookRefused):
        STRICT.check(f"https://{host}/hook")


@pytest.mark.parametrize("ip", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_a_public_address_is_called(ip: str) -> None:
    assert STRICT.may_call("help.example", ip)


def test_production_needs_tls() -> None:
    with pytest.raises(WebhookRefused, match="https"):
        STRICT.check("http://help.example/hook")
    LENIENT.check("http://help.example/hook")


def test_an_exception_may_be_private_and_in_clear() -> None:
    rules = WebhookRules(strict=True, exceptions=frozenset({"help.internal", "10.0.0.5"}))
    rules.check("http://help.internal/hook")
    rules.check("http://10.0.0.5/hook")
    assert rules.may_call("HELP.internal", "10.0.0.7")
    assert not rules.may_call("other.internal", "10.0.0.7")
