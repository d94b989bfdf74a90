from __future__ import annotations

from bot.channels.web import typing_signs
from bot.channels.web.typing_signs import PAUSE_S, TypingSigns
from bot.services.notifier import TYPING, LocalNotifier
from tests.unit.channels.web.conftest import Browser


class Heard(LocalNotifier):
    """A notifier that remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.published: list[str] = []

    def publish(self, conversation: str) -> None:
        self.published.append(conversation)


def test_a_conversation_is_told_of_no_oftener_than_shown() -> None:
    heard, now = Heard(), [0.0]
    signs = TypingSigns(heard, lambda: now[0])
    for _ in range(5):
        signs.note("c1")
    signs.note("c2")
    now[0] += PAUSE_S
    signs.note("c1")
    assert heard.published == [f"{TYPING}c1", f"{TYPING}c2", f"{TYPING}c1"]


def test_what_is_over_is_forgotten() -> None:
    now = [0.0]
    signs = TypingSigns(Heard(), lambda: now[0])
    for number in range(typing_signs._REMEMBERED):
        signs.note(f"c{number}")
    now[0] += PAUSE_S
    signs.note("another")
    assert list(signs._last) == ["another"]


async def test_no_sign_of_writing_is_made_up_when_wake_ups_were_lost() -> None:
    notifier = LocalNotifier()
    with notifier.subscribe(f"{TYPING}c1") as typed, notifier.subscribe("c1") as changed:
        notifier.wake_all()
        assert await changed.wait(1)
        assert not await typed.wait(0)


def test_only_whose_conversation_it_is_may_say_so(browser: Browser) -> None:
    assert browser.call("POST", "typing").status_code == 401
    browser.start()
    answer = browser.call("POST", "typing")
    assert (answer.status_code, answer.content) == (204, b"")
    assert browser.call("GET", "messages").json()["messages"] == []
