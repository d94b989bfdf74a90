from tests.unit.channels.web.conftest import client, engine, logged, parts, settings

__all__ = ["client", "engine", "logged", "parts", "settings"]
