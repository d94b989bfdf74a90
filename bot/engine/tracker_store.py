"""Rasa's memory of each conversation, in our database: encrypted, short, erased with the conversation.

Rasa's own SQL store keeps every text in clear, falls back to memory when the database fails, and reads the whole
session at every message. This one raises when it can't save, and keeps live trackers beside the stored ones: a copy in
memory serves while the stored version is still its own.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.bootstrap import build_store
from bot.errors import MadoguchiError
from bot.services.clock import SystemClock
from bot.services.ports import Store
from bot.settings import load_settings

LIVE_TRACKERS = 2000
"""How many conversations are kept in memory; one takes some 20 kB."""


class StateConflict(MadoguchiError):
    """Another engine saved the same conversation in between; the message must be worked on again."""


@dataclass(frozen=True)
class _Live:
    tracker: DialogueStateTracker
    version: int
    length: int  # Events when it was stored: Rasa works on this very object, so more of them were never stored.

    @property
    def is_clean(self) -> bool:
        return len(self.tracker.events) == self.length


class EncryptedTrackerStore(TrackerStore):
    """A tracker store over the desk's own database."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        store: Store | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._store = store or build_store(load_settings(), impatient=True)
        self._clock = SystemClock()
        self._live: OrderedDict[str, _Live] = OrderedDict()

    @classmethod
    async def create(
        cls, endpoint_config: EndpointConfig, domain: Domain, event_broker: EventBroker | None = None
    ) -> EncryptedTrackerStore:
        """Make the store as Rasa wants it made."""
        return cls(domain, event_broker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Give the tracker, from memory if the stored one is no newer; raise Unavailable if the database is gone."""
        with self._store.transaction(read_only=True) as tx:
            live = self._live.get(sender_id)
            if live is not None and live.is_clean and tx.engine_states.version(sender_id) == live.version:
                return live.tracker
            stored = tx.engine_states.load(sender_id)
        self._live.pop(sender_id, None)
        if stored is None:
            return None
        state, version = stored
        tracker = self._tracker_of(sender_id, deserialise_events(json.loads(state)))
        self._remember(tracker, version)
        return tracker

    def in_memory(self, sender_id: str) -> DialogueStateTracker | None:
        """Give the copy in memory, if there is one, without a look at the database."""
        live = self._live.get(sender_id)
        return live.tracker if live is not None and live.is_clean else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the tracker; raise StateConflict if a newer one is stored, Unavailable if the database is gone."""
        if not tracker.events:  # Rasa saves a new one at once; it holds nothing yet.
            return
        sender = tracker.sender_id
        # What is in memory holds a turn that isn't stored yet, so it leaves until it is.
        live = self._live.pop(sender, None)
        version = live.version if live is not None else 0
        short = self._shortened(tracker)
        state = json.dumps([event.as_dict() for event in short.events], ensure_ascii=False)
        with self._store.transaction(durable=False) as tx:
            saved = tx.engine_states.save(sender, state, version, self._clock.now())
        if not saved:
            raise StateConflict(f"conversation state was changed by another engine (version {version})")
        self._remember(short, version + 1)

    async def keys(self) -> Iterable[str]:
        """Give the conversations in memory; nothing in the desk asks for more."""
        return list(self._live)

    def _remember(self, tracker: DialogueStateTracker, version: int) -> None:
        self._live[tracker.sender_id] = _Live(tracker, version, len(tracker.events))
        self._live.move_to_end(tracker.sender_id)
        if len(self._live) > LIVE_TRACKERS:
            self._live.popitem(last=False)

    def _shortened(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        """Keep what was said last within a head and an end that lead to the same state.

        The rules look no further back, a request's own state is in our database, and Rasa replays every event several
        times a message. The last message and its replies stay, for the case that it comes again.
        """
        last_turn = since_last_message(tracker)
        said = [event for event in last_turn if isinstance(event, (UserUttered, BotUttered))]
        end = ActionExecuted(ACTION_LISTEN_NAME, timestamp=last_turn[-1].timestamp)
        return self._tracker_of(tracker.sender_id, [*_head(tracker, last_turn[0].timestamp), *said, end])

    def _tracker_of(self, sender: str, events: list[Event]) -> DialogueStateTracker:
        tracker = self.init_tracker(sender)
        for event in events:
            # Event by event: Rasa's own way to rebuild a tracker leaves out what was answered within a form.
            tracker.update(event)
        return tracker


def since_last_message(tracker: DialogueStateTracker) -> list[Event]:
    """Give the customer's last message and what followed it."""
    events = list(tracker.events)
    starts = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    return events[starts[-1] :] if starts else events


def _head(tracker: DialogueStateTracker, began: float) -> list[Event]:
    """Give the events that begin a session in the state of the tracker."""
    head: list[Event] = [SessionStarted(timestamp=began)]
    loop = tracker.active_loop_name
    if loop is not None:
        head += [ActionExecuted(loop, timestamp=began), ActiveLoop(loop, timestamp=began)]
    for name, slot in tracker.slots.items():
        if slot.value is not None and name != SESSION_START_METADATA_SLOT:
            head.append(SlotSet(name, slot.value, timestamp=began))
    return head
