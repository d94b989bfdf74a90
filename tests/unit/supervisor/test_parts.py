from __future__ import annotations

from bot.settings import Settings
from bot.supervisor.parts import environment, parts_of, web_address


def test_each_port_comes_from_its_setting() -> None:
    settings = Settings(secret_key="k", web_host="0.0.0.0", web_port=1, engine_port=2, action_port=3)
    ports = {part.port.setting: (part.port.host, part.port.number) for part in parts_of(settings) if part.port}
    assert ports == {"WEB_PORT": ("0.0.0.0", 1), "ENGINE_PORT": ("127.0.0.1", 2), "ACTION_PORT": ("127.0.0.1", 3)}


def test_a_front_on_every_address_is_asked_on_loopback() -> None:
    assert web_address(Settings(web_host="0.0.0.0", web_port=80)) == "http://127.0.0.1:80"
    assert web_address(Settings(web_host="192.0.2.7", web_port=80)) == "http://192.0.2.7:80"


def test_the_libraries_get_what_keeps_them_private_whatever_the_environment_says() -> None:
    given = {"RASA_TELEMETRY_ENABLED": "true", "SANIC_HOST": "0.0.0.0", "OMP_NUM_THREADS": "4", "LOG_LEVEL": "warning"}
    made = environment(given)
    assert made["RASA_TELEMETRY_ENABLED"] == "false"
    assert made["SANIC_HOST"] == "127.0.0.1"
    assert made["OMP_NUM_THREADS"] == "4"
    assert made["LOG_LEVEL"] == "WARNING"


def test_what_is_not_set_stays_unset_for_the_file_of_settings_to_say() -> None:
    assert "LOG_LEVEL" not in environment({})
