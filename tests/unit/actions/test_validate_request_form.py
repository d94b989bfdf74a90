import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.validate_request_form import ValidateRequestForm
from tests.unit.actions.conftest import Desk, tracker, turn


@pytest.fixture
def said_in_form() -> Tracker:
    """What the engine sends when the open form took the message as its answer."""
    sent = tracker("inform", "山田太郎")
    sent.active_loop = {"name": "request_form"}
    sent.slots = {"answer": "山田太郎", "requested_slot": "answer"}
    sent.events = [
        {"event": "action", "name": "request_form"},
        {"event": "slot", "name": "answer", "value": "山田太郎"},
    ]
    return sent


@pytest.mark.parametrize("is_open", [True, False])
async def test_an_answer_goes_to_its_service_and_leaves_nothing_in_the_slot(
    desk: Desk, said_in_form: Tracker, is_open: bool
) -> None:
    """Also when the form was closed elsewhere: then it ends in Rasa too, and the customer is told something."""
    desk.intake.open = is_open
    dispatcher = CollectingDispatcher()
    events = await ValidateRequestForm().run(dispatcher, said_in_form, {})
    assert desk.calls == [("small_talk.go_on", (turn("inform", "山田太郎"),))]
    assert [message["text"] for message in dispatcher.messages] == ["どうぞ"]
    slots = {event["name"]: event["value"] for event in events}
    assert slots == ({"answer": None} if is_open else {"answer": None, "requested_slot": None})


async def test_a_message_that_is_no_answer_reaches_nobody(desk: Desk, said_in_form: Tracker) -> None:
    desk.intake.open = True
    said_in_form.events = said_in_form.events[:1]
    await ValidateRequestForm().run(CollectingDispatcher(), said_in_form, {})
    assert desk.calls == []
