"""Wake-ups between two processes' notifiers over a real Redis, which is stopped, frozen and started again."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from bot.delivery import redis_notifier
from bot.delivery.redis_notifier import RedisNotifier
from bot.errors import SettingError
from bot.services.notifier import Subscription
from tests.left_out import REDIS
from tests.ports import free_ports
from tests.waiting import until

pytestmark = pytest.mark.needs("redis")


class Redis:
    """A Redis that a test may stop and start."""

    def __init__(self, folder: Path) -> None:
        (self.port,) = free_ports(1)
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        quiet = ["--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        command = [str(REDIS.path()), "--port", str(self.port), *quiet]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server.wait(10)
            self._server = None

    def process(self) -> psutil.Process:
        assert self._server
        return psutil.Process(self._server.pid)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    redis = Redis(tmp_path)
    redis.start()
    yield redis
    redis.stop()


@pytest.fixture
def make(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., RedisNotifier]]:
    """Make the notifier of one more process."""
    monkeypatch.setattr(redis_notifier, "RETRY_S", 0.05)
    made: list[RedisNotifier] = []

    def one(channel: str = "madoguchi:a") -> RedisNotifier:
        made.append(RedisNotifier(redis.url, channel))
        return made[-1]

    yield one
    for notifier in made:
        notifier.close()


async def heard_the_connection(*subscriptions: Subscription) -> None:
    """Take the wake-up away that tells of the connection."""
    for subscription in subscriptions:
        await subscription.wait(0)


async def test_what_one_process_publishes_wakes_the_other(make: Callable[..., RedisNotifier]) -> None:
    one, other = make(), make()
    with other.subscribe("c1") as mine, other.subscribe("c2") as others:
        await until(lambda: other.hears_others)
        await heard_the_connection(mine, others)
        one.publish("c1")
        assert await mine.wait(10)
        assert not await others.wait(0)


async def test_a_process_hears_itself_once_and_without_redis(make: Callable[..., RedisNotifier], redis: Redis) -> None:
    one, other = make(), make()
    with one.subscribe("c1") as mine, other.subscribe("c1") as elsewhere:
        await until(lambda: one.hears_others and other.hears_others)
        await heard_the_connection(mine, elsewhere)
        one.publish("c1")
        assert await mine.wait(10)
        assert await elsewhere.wait(10)
        assert not await mine.wait(0.1)
        redis.stop()
        await until(lambda: not one.hears_others)
        assert await mine.wait(10)
        one.publish("c1")
        assert await mine.wait(10)


async def test_desks_that_share_a_redis_do_not_hear_each_other(make: Callable[..., RedisNotifier]) -> None:
    one, stranger, colleague = make(), make("madoguchi:b"), make()
    with stranger.subscribe("c1") as theirs, colleague.subscribe("c1") as ours:
        await until(lambda: stranger.hears_others and colleague.hears_others)
        await heard_the_connection(theirs, ours)
        one.publish("c1")
        assert await ours.wait(10)
        assert not await theirs.wait(0)


async def test_a_redis_that_went_and_came_back_leaves_nobody_asleep(
    make: Callable[..., RedisNotifier], redis: Redis
) -> None:
    one, other = make(), make()
    with other.subscribe("c1") as mine:
        await until(lambda: other.hears_others)
        await heard_the_connection(mine)
        redis.stop()
        await until(lambda: not other.hears_others)  # From now on the database is asked.
        assert await mine.wait(20), "everybody looks, for the last wake-up may be lost"
        one.publish("c1")
        redis.start()
        await until(lambda: other.hears_others)
        assert await mine.wait(10)
        # What was published while Redis was gone comes late.
        while await mine.wait(0.5):
            pass
        one.publish("c1")
        assert await mine.wait(10)


async def test_a_redis_that_stands_still_counts_as_gone(
    make: Callable[..., RedisNotifier], redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_notifier, "PING_S", 0.1)
    monkeypatch.setattr(redis_notifier, "SILENCE_S", 0.5)
    one = make()
    with one.subscribe("c1"):
        await until(lambda: one.hears_others)
        redis.process().suspend()
        await until(lambda: not one.hears_others)
        redis.process().resume()
        await until(lambda: one.hears_others)


async def test_wake_ups_that_nobody_took_are_summed_up(make: Callable[..., RedisNotifier], redis: Redis) -> None:
    one, other = make(), make()
    with other.subscribe("c-last") as mine:
        await until(lambda: other.hears_others)
        await heard_the_connection(mine)
        # Too short for the listener to notice.
        redis.process().suspend()
        for number in range(redis_notifier.KEPT + 10):
            one.publish(f"c{number}")  # More than are kept; the caller never waits.
        redis.process().resume()
        assert await mine.wait(20)


@pytest.mark.parametrize("url", ["localhost:6379", "http://127.0.0.1:1", "redis://127.0.0.1:x/0"])
def test_what_cannot_be_an_address_is_named(url: str) -> None:
    with pytest.raises(SettingError, match="REDIS_URL can't be used"):
        RedisNotifier(url, "madoguchi:a")
