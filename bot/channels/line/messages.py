"""A turn of the desk as LINE messages: five at most if that can be done, buttons as quick replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from linebot.v3.messaging import Message as LineMessage
from linebot.v3.messaging import (
    MessageAction,
    QuickReply,
    QuickReplyItem,
    Sender,
    TextMessage,
)

from bot.channels.line.bubbles import CLAUSE_KINDS, bubbles, may_link
from bot.channels.line.fitting import fit_label, shorten, split_at_sentences, units
from bot.services.phrases import Phrasebook
from bot.services.records import Message

MESSAGES_A_CALL = 5
QUICK_REPLIES = 13
"""The most buttons under a message."""
PAYLOAD_UNITS = 300
"""The longest text that a button may send."""
SENDER_UNITS = 20
"""The longest name that a message may come from."""


class Formatter:
    """Turns the desk's messages into LINE's."""

    def __init__(self, phrases: Phrasebook) -> None:
        self._phrases = phrases

    def turn(self, said: Sequence[Message]) -> list[LineMessage]:
        """Show messages that go out together: clauses as bubbles, or all as plain text if that were too many."""
        shown = [one for message in said for one in self._message(message)]
        if len(shown) > MESSAGES_A_CALL:
            return self.plain(said)
        return _with_buttons(shown, said)

    def plain(self, said: Sequence[Message]) -> list[LineMessage]:
        """Show messages as text alone, as few as they fit; nothing is left out, however many that are."""
        text = "\n\n".join(message.text.strip() for message in said if message.text.strip())
        return _with_buttons(_texts(text, self._sender(said[0])), said)

    def _message(self, message: Message) -> list[LineMessage]:
        parts = message.body.get("parts")
        if not parts:
            return _texts(message.text, self._sender(message))
        link = self._link(message.body.get("policy_url", ""))
        kinds = [part["kind"] in CLAUSE_KINDS for part in parts]
        if link is None or not any(kinds):
            return self._runs(parts, None)
        return self._runs([part for part in parts if part["kind"] != "link"], link)

    def _runs(self, parts: Sequence[Mapping[str, str]], link: tuple[str, str] | None) -> list[LineMessage]:
        """Show neighbouring parts together; the last bubbles have the link."""
        runs = [(clauses, list(run)) for clauses, run in groupby(parts, lambda part: part["kind"] in CLAUSE_KINDS)]
        last = max((index for index, (clauses, _) in enumerate(runs) if clauses), default=None)
        shown: list[LineMessage] = []
        for index, (clauses, run) in enumerate(runs):
            if clauses:
                shown += bubbles(run, link if index == last else None)
            else:
                shown += _texts("\n\n".join(part["text"] for part in run))
        return shown

    def _link(self, url: str) -> tuple[str, str] | None:
        return (self._phrases.text("line_whole_policy"), url) if may_link(url) else None

    def _sender(self, message: Message) -> Sender | None:
        """Name the person who wrote, so that nobody takes them for the bot."""
        if message.author != "staff":
            return None
        name = self._phrases.text("line_staff_name", staff=message.body.get("staff_name", "")).strip()
        return Sender(name=shorten(name, SENDER_UNITS))


def _texts(text: str, sender: Sender | None = None) -> list[LineMessage]:
    return [TextMessage(text=piece, sender=sender) for piece in split_at_sentences(text.strip())]


def _with_buttons(shown: list[LineMessage], said: Sequence[Message]) -> list[LineMessage]:
    """Put the buttons of all messages under the last: LINE shows those of the newest message alone."""
    buttons = {button["payload"]: button["title"] for message in said for button in message.body.get("buttons", ())}
    items = [_quick_reply(title, payload) for payload, title in buttons.items() if units(payload) <= PAYLOAD_UNITS]
    if shown and items:
        shown[-1].quick_reply = QuickReply(items=items[:QUICK_REPLIES])
    return shown


def _quick_reply(title: str, payload: str) -> Any:
    return QuickReplyItem(action=MessageAction(label=fit_label(title), text=payload))
