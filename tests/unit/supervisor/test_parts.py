from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.settings import Settings
from bot.supervisor.parts import environment, parts_of, web_address


def test_each_port_comes_from_its_setting() -> None:
    settings = Settings(secret_key="k", web_host="0.0.0.0", web_port=1, engine_port=2, action_port=3)
    ports = {part.port.setting: (part.port.host, part.port.number) for part in parts_of(settings) if part.port}
    assert ports == {"WEB_PORT": ("0.0.0.0", 1), "ENGINE_PORT": ("127.0.0.1", 2), "ACTION_PORT": ("127.0.0.1", 3)}


def test_each_process_of_a_kind_has_a_name_and_a_port_of_its_own() -> None:
    settings = Settings(secret_key="k", redis_url="redis://h", web_processes=2, engine_processes=2, action_processes=2)
    parts = [(part.name, part.arguments, part.port and part.port.number) for part in parts_of(settings)]
    assert parts == [
        ("engine", ("1",), 5005),
        ("engine-2", ("2",), 5006),
        ("actions", ("1",), 5055),
        ("actions-2", ("2",), 5056),
        ("web", (), 8000),
        ("web-2", (), None),
        ("worker", ("work",), None),
    ]
    healths = {part.name: part.health for part in parts_of(settings)}
    assert healths["engine-2"] == "http://127.0.0.1:5006/"
    assert healths["actions-2"] == "http://127.0.0.1:5056/health"


def test_only_several_web_processes_add_up_their_figures(tmp_path: Path) -> None:
    one = Settings(secret_key="k", var_dir=tmp_path)
    two = replace(one, web_processes=2)
    assert {part.environ for part in parts_of(one)} == {()}
    given = {part.name: dict(part.environ) for part in parts_of(two) if part.environ}
    shared = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics")}
    assert given == {"web": shared, "web-2": shared}


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
