import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.tracker_store import EncryptedTrackerStore, StateConflict
from bot.errors import Unavailable
from bot.services.records import Conversation
from bot.storage.erasures import ErasureLog
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.conftest import FixedClock

SENDER = "c1"
LISTEN = "action_listen"
FORM = "request_form"


@pytest.fixture(autouse=True)
def conversation(sqlite_store: SqlStore, clock: FixedClock) -> None:
    with sqlite_store.transaction() as tx:
        tx.conversations.add(Conversation(SENDER, "web", "okura", clock.now(), clock.now()))


@pytest.fixture
def trackers(domain: Domain, sqlite_store: SqlStore) -> EncryptedTrackerStore:
    return EncryptedTrackerStore(domain, store=sqlite_store)


@pytest.fixture
def elsewhere(domain: Domain, sqlite_store: SqlStore) -> EncryptedTrackerStore:
    """The tracker store of another engine over the same database."""
    return EncryptedTrackerStore(domain, store=sqlite_store)


def turn(text: str, intent: str, *events: Event) -> list[Event]:
    said = UserUttered(text, {"name": intent, "confidence": 1.0}, message_id=f"id of {text}")
    return [said, *events, ActionExecuted(LISTEN)]


def does(action: str, *events: Event) -> list[Event]:
    return [ActionExecuted(action), *events, BotUttered(f"{action} spoke")]


BEGINNING = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted(LISTEN)]
QUESTION = turn("クッキーは？", "ask_policy", *does("action_answer_policy"))
START = turn(
    "データを見せて",
    "request_disclosure",
    *does("action_start_request", SlotSet("request_open", True)),
    ActionExecuted(FORM),
    ActiveLoop(FORM),
    SlotSet("requested_slot", "answer"),
)
ANSWER = turn(
    "山田太郎",
    "inform",
    SlotSet("answer", "山田太郎"),
    ActionExecuted(FORM),
    SlotSet("answer", None),
    SlotSet("requested_slot", "answer"),
)
DIGRESSION = turn(
    "リコールは？",
    "ask_policy",
    ActionExecutionRejected(FORM),
    *does("action_answer_policy"),
    ActionExecuted(FORM),
    SlotSet("requested_slot", "answer"),
)
CANCEL = turn(
    "やめる",
    "cancel",
    ActionExecutionRejected(FORM),
    *does("action_cancel_request", SlotSet("request_open", False)),
    ActionExecuted("action_deactivate_loop"),
    ActiveLoop(None),
    SlotSet("requested_slot", None),
)
FINISH = turn(
    "送信する",
    "inform",
    SlotSet("answer", "送信する"),
    ActionExecuted(FORM),
    SlotSet("answer", None),
    ActiveLoop(None),
    SlotSet("requested_slot", None),
)
DIALOGUES = {
    "a question": QUESTION,
    "many questions": QUESTION * 30,
    "a form begun": [*QUESTION, *START],
    "a form at length": [*START, *ANSWER * 20],
    "a digression": [*START, *ANSWER, *DIGRESSION],
    "an answer after a digression": [*START, *DIGRESSION, *ANSWER],
    "a form cancelled": [*START, *ANSWER, *CANCEL],
    "a form finished": [*START, *ANSWER, *FINISH],
    "a question after a form": [*START, *FINISH, *QUESTION],
}


def tracker_of(domain: Domain, events: list[Event]) -> DialogueStateTracker:
    tracker = DialogueStateTracker(SENDER, domain.slots)
    tracker.update_with_events([*BEGINNING, *events], domain)
    return tracker


def state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    loop = tracker.active_loop
    return {
        "slots": {name: value for name, value in tracker.current_slot_values().items() if value is not None},
        "loop": (loop.name, loop.rejected, loop.is_interrupted) if loop else None,
        "latest_action": tracker.latest_action_name,
        "latest_message": tracker.latest_message.message_id if tracker.latest_message else None,
    }


@pytest.mark.parametrize("events", DIALOGUES.values(), ids=DIALOGUES)
async def test_a_stored_tracker_is_short_and_leads_on_as_the_whole_one_would(
    trackers: EncryptedTrackerStore,
    elsewhere: EncryptedTrackerStore,
    domain: Domain,
    rule_policy: RulePolicy,
    events: list[Event],
) -> None:
    # Given a dialogue that is stored
    whole = tracker_of(domain, events)
    await trackers.save(whole)
    short = await elsewhere.retrieve(SENDER)
    assert short is not None
    # Then what is stored is what was said last, in the state of the whole
    assert len(short.events) <= 10
    assert state_of(short) == state_of(whole)
    # And whatever the customer says next, the rules choose the same action
    for intent in domain.intents:
        predicted = []
        for tracker in (whole, short):
            going_on = tracker.copy()
            going_on.update(UserUttered("…", {"name": intent, "confidence": 1.0}), domain)
            if going_on.active_loop is not None:
                going_on.update(ActionExecutionRejected(FORM))
            predicted.append(rule_policy.predict_action_probabilities(going_on, domain).probabilities)
        assert predicted[0] == predicted[1], intent


async def test_a_conversation_of_200_turns_stays_as_short_as_one_of_two(
    trackers: EncryptedTrackerStore, domain: Domain
) -> None:
    lengths = []
    await trackers.save(tracker_of(domain, QUESTION))
    for _ in range(200):
        tracker = await trackers.retrieve(SENDER)
        assert tracker is not None
        tracker.update_with_events(list(QUESTION), domain)
        await trackers.save(tracker)
        lengths.append(len((await trackers.retrieve(SENDER) or tracker).events))
    assert len(set(lengths)) == 1


async def test_a_live_copy_serves_until_another_engine_has_saved(
    trackers: EncryptedTrackerStore, elsewhere: EncryptedTrackerStore, domain: Domain
) -> None:
    await trackers.save(tracker_of(domain, QUESTION))
    live = await trackers.retrieve(SENDER)
    assert await trackers.retrieve(SENDER) is live
    # When another engine goes on with the conversation
    other = await elsewhere.retrieve(SENDER)
    assert other is not None
    other.update_with_events(list(START), domain)
    await elsewhere.save(other)
    # Then the copy in memory no longer serves
    fresh = await trackers.retrieve(SENDER)
    assert fresh is not None
    assert fresh.active_loop_name == FORM


async def test_of_two_engines_that_save_at_once_one_is_told(
    trackers: EncryptedTrackerStore, elsewhere: EncryptedTrackerStore, domain: Domain
) -> None:
    await trackers.save(tracker_of(domain, QUESTION))
    mine, theirs = await trackers.retrieve(SENDER), await elsewhere.retrieve(SENDER)
    assert mine is not None
    assert theirs is not None
    theirs.update_with_events(list(START), domain)
    await elsewhere.save(theirs)
    mine.update_with_events(list(QUESTION), domain)
    with pytest.raises(StateConflict):
        await trackers.save(mine)
    # The loser forgets what it could not save
    found = await trackers.retrieve(SENDER)
    assert found is not None
    assert found.active_loop_name == FORM


async def test_the_first_save_of_two_engines_wins_as_well(
    trackers: EncryptedTrackerStore, elsewhere: EncryptedTrackerStore, domain: Domain
) -> None:
    await trackers.save(tracker_of(domain, QUESTION))
    with pytest.raises(StateConflict):
        await elsewhere.save(tracker_of(domain, START))


@pytest.fixture
def impatient(domain: Domain, sqlite_url: str, vault: Vault, clock: FixedClock) -> Iterator[EncryptedTrackerStore]:
    """A tracker store that does not wait for a locked database."""
    store = SqlStore(sqlite_url, vault, clock, ErasureLog(None), wait_s=0)
    yield EncryptedTrackerStore(domain, store=store)
    store.close()


async def test_what_cannot_be_saved_is_an_error_and_is_forgotten(
    impatient: EncryptedTrackerStore, domain: Domain, sqlite_url: str
) -> None:
    await impatient.save(tracker_of(domain, QUESTION))
    tracker = await impatient.retrieve(SENDER)
    assert tracker is not None
    tracker.update_with_events(list(START), domain)
    # When the database is locked by somebody else
    blocker = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        await impatient.save(tracker)
    blocker.close()
    # Then the next message starts from what was stored
    found = await impatient.retrieve(SENDER)
    assert found is not None
    assert found.active_loop_name is None


async def test_a_turn_that_broke_off_before_it_was_saved_is_forgotten(
    trackers: EncryptedTrackerStore, domain: Domain
) -> None:
    await trackers.save(tracker_of(domain, QUESTION))
    tracker = await trackers.retrieve(SENDER)
    assert tracker is not None
    assert trackers.in_memory(SENDER) is tracker
    tracker.update(UserUttered("それから", {"name": "greet", "confidence": 1.0}), domain)
    assert trackers.in_memory(SENDER) is None
    found = await trackers.retrieve(SENDER)
    assert found is not None
    assert found.latest_message is not None
    assert found.latest_message.text == "クッキーは？"


async def test_an_erased_conversation_is_forgotten(
    trackers: EncryptedTrackerStore, domain: Domain, sqlite_store: SqlStore
) -> None:
    await trackers.save(tracker_of(domain, QUESTION))
    with sqlite_store.transaction() as tx:
        tx.conversations.erase(SENDER)
    assert await trackers.retrieve(SENDER) is None
    assert list(await trackers.keys()) == []


async def test_nothing_that_a_customer_wrote_stands_in_clear_in_the_file(
    trackers: EncryptedTrackerStore, domain: Domain, sqlite_url: str
) -> None:
    canary = "山田カナリア太郎 canary@example.jp 09012345678"
    await trackers.save(tracker_of(domain, turn(canary, "inform", SlotSet("answer", canary))))
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    stored = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    assert b"engine_states" in stored
    for piece in canary.split():
        for form in (piece, piece.encode("unicode_escape").decode()):
            assert form.encode() not in stored
