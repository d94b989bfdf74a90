import asyncio
import threading

from bot.services.notifier import LocalNotifier
from tests.conftest import FixedClock


async def test_a_wake_up_reaches_the_listener_of_that_conversation_alone() -> None:
    notifier = LocalNotifier()
    with notifier.subscribe("a") as mine, notifier.subscribe("b") as other:
        notifier.publish("a")
        assert await mine.wait(1)
        assert not await other.wait(0)


async def test_several_wake_ups_count_as_one() -> None:
    notifier = LocalNotifier()
    with notifier.subscribe("a") as mine:
        notifier.publish("a")
        notifier.publish("a")
        assert await mine.wait(1)
        assert not await mine.wait(0)


async def test_what_was_said_already_needs_no_time_to_be_heard() -> None:
    notifier = LocalNotifier()
    with notifier.subscribe("a") as mine:
        notifier.publish("a")
        assert await mine.wait(0)
        assert not await mine.wait(0)


async def test_another_thread_may_publish() -> None:
    notifier = LocalNotifier()
    with notifier.subscribe("a") as mine:
        waiting = asyncio.create_task(mine.wait(5))
        await asyncio.sleep(0)
        thread = threading.Thread(target=notifier.publish, args=("a",))
        thread.start()
        assert await waiting
        thread.join()


async def test_nothing_is_kept_for_those_who_left() -> None:
    notifier = LocalNotifier()
    with notifier.subscribe("a"), notifier.subscribe("a"):
        pass
    notifier.publish("a")
    assert notifier._listening == {}


async def test_each_change_that_another_process_made_wakes_once(clock: FixedClock) -> None:
    notifier = LocalNotifier()
    first, second = clock.now(), clock.advance(seconds=1)
    with notifier.subscribe("a") as mine:
        assert notifier.listened_to()
        for changed_at in (first, second):
            notifier.catch_up("a", changed_at)
            assert await mine.wait(1)
            notifier.catch_up("a", changed_at)
            assert not await mine.wait(0)
    assert not notifier.listened_to()


async def test_who_was_woken_before_a_change_was_committed_is_woken_for_it(clock: FixedClock) -> None:
    notifier = LocalNotifier()
    written = clock.now()
    clock.advance(seconds=1)
    with notifier.subscribe("a") as mine:
        notifier.publish("a")
        assert await mine.wait(1)
        notifier.catch_up("a", written)
        assert await mine.wait(1)


async def test_everybody_can_be_woken_at_once() -> None:
    notifier = LocalNotifier()
    with notifier.subscribe("a") as one, notifier.subscribe("b") as other:
        notifier.wake_all()
        assert await one.wait(1)
        assert await other.wait(1)
