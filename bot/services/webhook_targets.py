"""Where a webhook may go: never into the network that the desk itself stands in."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import MadoguchiError
from bot.settings import Settings

LONGEST_ADDRESS = 2000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class WebhookRefused(MadoguchiError):
    """An address can't be a webhook's; the text says what would be."""

    phrase = "webhook_no_address"


class WebhookUnsafe(WebhookRefused):
    """The address is one that production must not call."""

    phrase = "webhook_not_safe"


@dataclass(frozen=True)
class WebhookRules:
    """What holds for every webhook; `strict` in production, where only the `exceptions` may be private or in clear."""

    strict: bool
    exceptions: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Settings) -> WebhookRules:
        """Read WEBHOOK_PRIVATE_HOSTS."""
        hosts = (host.strip().lower() for host in settings.webhook_private_hosts.split(","))
        return cls(settings.production, frozenset(host for host in hosts if host))

    def check(self, address: str) -> None:
        """Raise WebhookRefused for an address that is none, or none that may be called."""
        host = _host_of(address)
        if not self.strict or host in self.exceptions:
            return
        if not address.lower().startswith("https:"):
            raise WebhookUnsafe("the webhook must begin with https://")
        if not self.may_call(host, host):
            raise WebhookUnsafe("the webhook must be outside of private networks, or named in WEBHOOK_PRIVATE_HOSTS")

    def may_call(self, host: str, ip: str) -> bool:
        """Tell whether a host may be called that stands at an IP address; a name says nothing yet and may."""
        return not self.strict or host.lower() in self.exceptions or _is_public(ip)


def _host_of(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise WebhookRefused("the webhook is no address") from error
    plain = address.isascii() and address.isprintable() and " " not in address and len(address) <= LONGEST_ADDRESS
    if not plain or parts.scheme not in ("http", "https") or not host:
        raise WebhookRefused("the webhook must be an address like https://help.example/hook")
    if parts.username is not None or parts.fragment:
        raise WebhookRefused("the webhook must not hold a user name or a fragment (#…)")
    return host.lower()


def _is_public(text: str) -> bool:
    """Judge by the address that is reached in the end, whatever it is wrapped in (IPv4 within IPv6)."""
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        # Names like 127.1 or 0x7f000001 are no addresses to us but are to some resolvers: their answer is judged.
        return True
    inner = _wrapped(ip) if isinstance(ip, ipaddress.IPv6Address) else None
    if inner is not None:
        return _is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _wrapped(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo
    return ip.ipv4_mapped or ip.sixtofour or (teredo[1] if teredo else None)
