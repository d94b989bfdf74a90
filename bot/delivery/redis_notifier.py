"""Wake-ups from process to process, over one channel of Redis.

They carry a conversation's id and nothing else. While Redis is gone the desk goes on: whoever shows a conversation asks
the database instead (`bot/web/catching_up.py`), and looks at everything once when Redis is back.

Two threads, each started when first needed: one sends, so that nobody waits for Redis; one listens, in processes where
somebody does.
"""

from __future__ import annotations

import atexit
import queue
import threading
import time
import uuid
from contextlib import suppress
from datetime import datetime

import structlog
from prometheus_client import Gauge
from redis import Redis
from redis.client import PubSub
from redis.exceptions import RedisError

from bot.errors import SettingError
from bot.services.notifier import LocalNotifier, Subscription

_log = structlog.get_logger(__name__)

EVERYTHING = "*"
"""Stands for all conversations: somebody's wake-ups were lost."""
KEPT = 10_000
"""Wake-ups that wait to be sent; more are summed up as EVERYTHING."""
RETRY_S = 1.0
PING_S = 2.0
SILENCE_S = 6.0
"""A Redis that says nothing for so long, though asked every PING_S, is taken for gone."""
LAST_MOMENT_S = 0.5

CONNECTED = Gauge("madoguchi_redis_connected", "Processes that hear the others over Redis", multiprocess_mode="livesum")


class RedisNotifier:
    """The notifier of several processes, on any number of machines."""

    def __init__(self, url: str, channel: str) -> None:
        """Connect to nothing yet; raise SettingError for what can't be an address."""
        self._local = LocalNotifier()
        self._me = uuid.uuid4().hex
        self._sender = _Sender(connect(url), channel, self._me)
        self._listener = _Listener(connect(url), channel, self._me, self._local)

    def publish(self, conversation: str) -> None:
        """Wake everybody who shows the conversation, here at once and elsewhere in a moment."""
        self._local.publish(conversation)
        self._sender.send(conversation)

    def subscribe(self, conversation: str) -> Subscription:
        """Listen within the running event loop."""
        self._listener.begin()
        return self._local.subscribe(conversation)

    @property
    def hears_others(self) -> bool:
        """Whether what other processes publish arrives here just now."""
        return self._listener.connected

    def listened_to(self) -> bool:
        """Whether anybody listens in this process."""
        return self._local.listened_to()

    def catch_up(self, conversation: str, changed_at: datetime) -> None:
        """Wake those in this process who haven't caught up with that change."""
        self._local.catch_up(conversation, changed_at)

    def close(self) -> None:
        """Send what is left and end both threads."""
        self._sender.close()
        self._listener.close()


class _Sender:
    """Sends wake-ups in their order; those that Redis didn't take are summed up when it takes some again."""

    def __init__(self, client: Redis[str], channel: str, me: str) -> None:
        self._client = client
        self._channel = channel
        self._me = me
        self._waiting: queue.Queue[str] = queue.Queue(KEPT)
        self._missed = False
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def send(self, conversation: str) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="redis-sender", daemon=True)
                self._thread.start()
                # A command that changes something and ends must not take its wake-ups along.
                atexit.register(self.close)
        try:
            self._waiting.put_nowait(conversation)
        except queue.Full:
            self._missed = True

    def close(self) -> None:
        until = time.monotonic() + LAST_MOMENT_S
        while self._waiting.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.01)

    def _run(self) -> None:
        while True:
            conversation = self._waiting.get()
            while not self._told(EVERYTHING if self._takes_missed() else conversation):
                self._missed = True
                time.sleep(RETRY_S)
            self._waiting.task_done()

    def _takes_missed(self) -> bool:
        """Whether some were missed; those that are missed from now on are told of with the next."""
        missed, self._missed = self._missed, False
        return missed

    def _told(self, conversation: str) -> bool:
        # The listeners notice by themselves that Redis is gone, and say so; here it is enough to try again.
        with suppress(RedisError, OSError):
            self._client.publish(self._channel, f"{self._me} {conversation}")
            return True
        return False


class _Listener:
    """Hands over to this process what the others say."""

    def __init__(self, client: Redis[str], channel: str, me: str, local: LocalNotifier) -> None:
        self._client = client
        self._channel = channel
        self._me = me
        self._local = local
        self._stop = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self.connected = False

    def begin(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="redis-listener", daemon=True)
                self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(PING_S)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self._client.pubsub() as subscribed:
                    subscribed.subscribe(self._channel)
                    self._listen(subscribed)
            except (RedisError, OSError) as error:
                self._note(False, type(error).__name__)
            self._stop.wait(RETRY_S)
        self._note(False, "closed")

    def _listen(self, subscribed: PubSub) -> None:
        heard = time.monotonic()
        while not self._stop.is_set():
            message = subscribed.get_message(timeout=PING_S / 4)
            now = time.monotonic()
            if message is not None:
                heard = now
                self._hear(message["type"], message["data"])
            elif now - heard > SILENCE_S:
                raise TimeoutError("Redis says nothing")
            elif now - heard > PING_S:
                subscribed.ping()

    def _hear(self, kind: str, said: object) -> None:
        if kind == "subscribe":
            self._note(True)
        elif kind == "message":
            who, _, conversation = str(said).partition(" ")
            if who != self._me:
                self._local.wake_all() if conversation == EVERYTHING else self._local.publish(conversation)

    def _note(self, connected: bool, why: str = "") -> None:
        if connected == self.connected:
            return
        CONNECTED.set(int(connected))
        _log.info("redis.connected") if connected else _log.warning("redis.lost", error=why)
        # What was said in between was lost, or is about to be: whoever may rely on wake-ups again has been woken by
        # then, and whoever no longer may is woken after that.
        if connected:
            self._local.wake_all()
        self.connected = connected
        if not connected:
            self._local.wake_all()


def answers(url: str) -> bool:
    """Ask Redis for a sign of life; raise SettingError for what can't be an address."""
    try:
        connect(url).ping()
    except (RedisError, OSError):
        return False
    return True


def connect(url: str) -> Redis[str]:
    """Give a client that waits two seconds at most; raise SettingError for what can't be an address."""
    try:
        return Redis.from_url(
            url, decode_responses=True, socket_connect_timeout=RETRY_S * 2, socket_timeout=RETRY_S * 2
        )
    except ValueError as error:
        raise SettingError(f"REDIS_URL can't be used: {error} (redis://HOST:PORT/0)") from error
