"""SMS through Twilio."""

from __future__ import annotations

import asyncio

from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from bot.delivery.files import phone_of
from bot.delivery.sender import DeliveryError
from bot.services.records import OutboundMessage

TIMEOUT_S = 15


class TwilioSender:
    """Send SMS through Twilio, which knows no key against repeats: a crash at the wrong moment sends twice."""

    def __init__(self, account_sid: str, auth_token: str, number: str, http: HttpClient | None = None) -> None:
        """Keep `http` None for the real one."""
        self._number = number
        self._client = Client(account_sid, auth_token, http_client=http or TwilioHttpClient(timeout=TIMEOUT_S))

    async def send(self, message: OutboundMessage) -> None:
        """Hand over to Twilio; its 4xx is permanent, but for too many requests and what a setting can mend."""
        recipient = phone_of(message)
        try:
            await asyncio.to_thread(self._client.messages.create, to=recipient, from_=self._number, body=message.text)
        except TwilioRestException as error:
            permanent = error.status in (400, 404)
            raise DeliveryError(f"Twilio answered {error.status}, code {error.code}", permanent=permanent) from None
        except (TwilioException, RequestException, OSError) as error:
            raise DeliveryError(f"Twilio does not answer: {type(error).__name__}") from None
