"""Rasa's memory of each conversation, in our database: encrypted, short, erased with the conversation.

Rasa's own SQL store keeps every text in clear, falls back to memory when the database fails, and reads the whole
session at every message. This one raises when it can't save, and keeps live trackers beside the stored ones: a copy in
memory serves while the stored version is still its own.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.bootstrap import build_store
from bot.errors import MadoguchiError
from bot.services.clock import SystemClock
from bot.services.ports import Store
from bot.settings import load_settings

LIVE_TRACKERS = 2000
"""How many conversations are kept in memory; one of fifty events takes some 100 kB."""

LONGEST = 60
KEPT_TURNS = 3
"""A tracker of more than LONGEST events is cut to its last turns, as long as no form is open: a request's state is in
our database, so the dialogue needs no more, and every event costs time at every message."""


class StateConflict(MadoguchiError):
    """Another engine saved the same conversation in between; the message must be worked on again."""


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
        self._store = store or build_store(load_settings())
        self._clock = SystemClock()
        self._live: OrderedDict[str, tuple[DialogueStateTracker, int]] = OrderedDict()

    @classmethod
    async def create(
        cls, endpoint_config: EndpointConfig, domain: Domain, event_broker: EventBroker | None = None
    ) -> EncryptedTrackerStore:
        """Make the store as Rasa wants it made."""
        return cls(domain, event_broker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Give the tracker, from memory if the stored one is no newer."""
        with self._store.transaction(read_only=True) as tx:
            live = self._live.get(sender_id)
            if live is not None and tx.engine_states.version(sender_id) == live[1]:
                return live[0]
            stored = tx.engine_states.load(sender_id)
        if stored is None:
            self._live.pop(sender_id, None)
            return None
        state, version = stored
        tracker = self.deserialise_tracker(sender_id, state)
        if tracker is not None:
            self._remember(tracker, version)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the tracker; raise StateConflict if a newer one is stored, Unavailable if the database is gone."""
        sender = tracker.sender_id
        version = self._live[sender][1] if sender in self._live else 0
        tracker = self._shortened(tracker)
        state = json.dumps(tracker.as_dialogue().as_dict(), ensure_ascii=False)
        try:
            with self._store.transaction() as tx:
                saved = tx.engine_states.save(sender, state, version, self._clock.now())
        except MadoguchiError:
            # What is in memory holds turns that were never stored; the next message must start from what was.
            self._live.pop(sender, None)
            raise
        if not saved:
            self._live.pop(sender, None)
            raise StateConflict(f"conversation state was changed by another engine (version {version})")
        self._remember(tracker, version + 1)

    async def keys(self) -> Iterable[str]:
        """Give the conversations in memory; nothing in the desk asks for more."""
        return list(self._live)

    def _remember(self, tracker: DialogueStateTracker, version: int) -> None:
        self._live[tracker.sender_id] = (tracker, version)
        self._live.move_to_end(tracker.sender_id)
        if len(self._live) > LIVE_TRACKERS:
            self._live.popitem(last=False)

    def _shortened(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        events = list(tracker.events)
        if len(events) <= LONGEST or tracker.active_loop_name:
            return tracker
        starts = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
        kept = events[starts[-KEPT_TURNS] :] if len(starts) > KEPT_TURNS else events
        return self._rebuilt(tracker, kept)

    def _rebuilt(self, tracker: DialogueStateTracker, kept: Sequence[Event]) -> DialogueStateTracker:
        slots = [SlotSet(name, slot.value) for name, slot in tracker.slots.items() if slot.value is not None]
        began = kept[0].timestamp
        head = [SessionStarted(timestamp=began), *slots, ActionExecuted(ACTION_LISTEN_NAME, timestamp=began)]
        fresh = self.init_tracker(tracker.sender_id)
        for event in [*head, *kept]:
            fresh.update(event, self.domain)
        return fresh
