from __future__ import annotations

import pytest

from bot.delivery.sender import DeliveryError
from bot.delivery.sms import TwilioSender
from tests.records import outbound
from tests.unit.delivery.conftest import TwilioServer

SMS = outbound(kind="sms", recipient="+819012345678", text="確認番号 12345678")


def sender(server: TwilioServer) -> TwilioSender:
    return TwilioSender("AC1", "token", "+81312345678", http=server)


async def test_an_sms_is_handed_over() -> None:
    server = TwilioServer()
    await sender(server).send(SMS)
    (asked,) = server.asked
    assert asked["method"] == "POST"
    assert asked["url"] == "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"
    assert asked["auth"] == ("AC1", "token")
    wanted = {"To": "+819012345678", "From": "+81312345678", "Body": "確認番号 12345678"}
    assert {name: asked["data"][name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (404, True), (401, False), (403, False), (429, False), (500, False), (503, False)],
)
async def test_only_what_no_setting_and_no_time_mends_is_for_good(status: int, permanent: bool) -> None:
    server = TwilioServer(status, {"code": 21211, "message": "The 'To' number +819012345678 is not valid"})
    with pytest.raises(DeliveryError) as raised:
        await sender(server).send(SMS)
    assert str(raised.value) == f"Twilio answered {status}, code 21211"
    assert raised.value.permanent is permanent


async def test_no_connection_may_pass() -> None:
    with pytest.raises(DeliveryError, match="Twilio does not answer: ConnectionError") as raised:
        await sender(TwilioServer(0)).send(SMS)
    assert not raised.value.permanent


async def test_what_is_no_number_never_reaches_twilio() -> None:
    server = TwilioServer()
    with pytest.raises(DeliveryError, match="no phone number"):
        await sender(server).send(outbound(recipient="090-1234-5678"))
    assert server.asked == []
