from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import SettingError
from bot.settings import Settings
from bot.web.listening import listen
from tests.ports import free_ports


@pytest.fixture
def one() -> Settings:
    return Settings(secret_key="k", web_port=free_ports(1)[0])


def test_a_second_desk_on_the_port_is_refused_by_name(one: Settings) -> None:
    with listen(one), pytest.raises(SettingError, match=f"WEB_PORT={one.web_port}: can't listen on 127.0.0.1"):
        listen(one)


def test_several_web_processes_share_the_port(one: Settings) -> None:
    several = replace(one, web_processes=2)
    with listen(several) as first, listen(several) as second:
        assert first.getsockname() == second.getsockname()
        with pytest.raises(SettingError):
            listen(one)
