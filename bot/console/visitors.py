"""Who knocks, as far as a request tells."""

from __future__ import annotations

from starlette.requests import Request

from bot.services.staff.sign_in import Visitor

HOME = "/staff/"
# In this order: most browsers name others, too.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_UNKNOWN = "ブラウザ"


def visitor_of(request: Request) -> Visitor:
    """The address and the device."""
    address = request.client.host if request.client else ""
    return Visitor(address, device_of(request.headers.get("user-agent", "")))


def device_of(user_agent: str) -> str:
    """A browser and its system in the words that staff know them by: Chrome（Windows）."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), _UNKNOWN)
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return f"{browser}（{system}）" if system else browser


def way_on(wanted: object) -> str:
    """Where to go after signing in: the page that was asked for if it is one of ours, else the first."""
    path = str(wanted or "")
    ours = path.startswith(HOME) and not path.startswith("//") and path.isascii() and path.isprintable()
    return path if ours and "\\" not in path and "/../" not in f"{path}/" else HOME
