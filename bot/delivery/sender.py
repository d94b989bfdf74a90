"""What a way out must do, and how it fails."""

from __future__ import annotations

from typing import Protocol

from bot.errors import MadoguchiError
from bot.services.records import OutboundMessage


class DeliveryError(MadoguchiError):
    """A message was not handed over; `permanent` says that trying again can't help.

    The text is shown to operators: it says what the other side answered as a number, never in its own words, which
    like to repeat the address.
    """

    def __init__(self, text: str, *, permanent: bool = False) -> None:
        super().__init__(text)
        self.permanent = permanent


class Sender(Protocol):
    """One way out, for one kind of message."""

    async def send(self, message: OutboundMessage) -> None:
        """Hand over; raise DeliveryError if it could not.

        A message may come twice (a crash between handing over and noting it), always with the same `key`: where the
        channel can recognise a repeat, the key must make it recognisable.
        """
