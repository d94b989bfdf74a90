"""Which ports a running desk opens, and for whom."""

from __future__ import annotations

import ipaddress

import psutil
import pytest

from tests.real_desk import RealDesk

pytestmark = pytest.mark.real


def test_only_the_web_front_listens_for_more_than_this_machine(real_desk: RealDesk) -> None:
    """The web front listens where WEB_HOST says; everything else on loopback, so that no firewall has to keep it in."""
    web_port = int(real_desk.web_url.rpartition(":")[2])
    supervisor = psutil.Process(real_desk.process.pid)
    listening = [
        one.laddr
        for process in (supervisor, *supervisor.children(recursive=True))
        for one in process.net_connections(kind="inet")
        if one.status == psutil.CONN_LISTEN
    ]
    assert len({address.port for address in listening}) >= 3
    open_to_others = [one for one in listening if not ipaddress.ip_address(one.ip).is_loopback]
    assert not [one for one in open_to_others if one.port != web_port]
