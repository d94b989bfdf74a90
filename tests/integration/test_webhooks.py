"""A webhook's way: from the audit chain through the outbox to another help desk, on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.delivery.webhooks import WebhookSender
from bot.delivery.worker import deliver_due
from bot.services.machine_events import MachineEvents
from bot.services.machines import KIND, MachineRegister, Scope, machine_of
from bot.services.webhook_targets import WebhookRules
from bot.settings import Settings
from bot.storage.store import SqlStore
from tests.conftest import FixedClock

RULES = WebhookRules(strict=False)


class HelpDesk:
    """Notes the deliveries that it gets and answers as the test says."""

    def __init__(self) -> None:
        self.address = ""
        self.status = 204
        self.deliveries: list[str] = []

    async def take(self, request: web.Request) -> web.Response:
        self.deliveries.append(request.headers["X-Madoguchi-Delivery"])
        return web.Response(status=self.status)


@pytest.fixture
async def help_desk() -> AsyncIterator[HelpDesk]:
    desk = HelpDesk()
    app = web.Application()
    app.router.add_post("/hook", desk.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk.address = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield desk
    await runner.cleanup()


@pytest.fixture
def deliver(store: SqlStore, clock: FixedClock, help_desk: HelpDesk) -> Callable[[], Any]:
    """One case was opened; deliver what is due of its news."""
    register = MachineRegister(store, store.vault, clock, RULES)
    register.add("a help desk", "okura", Scope.READ, help_desk.address, "operator")
    with store.transaction() as tx:
        tx.audit.append("customer", "handoff.opened", "handoff:h1", "okura", {}, {}, clock.now())
    assert MachineEvents(store, clock).relay() == 1
    senders = {KIND: WebhookSender(machine_of(store), RULES)}
    return lambda: deliver_due(store, senders, clock, Settings(outbox_tries=3))


async def test_it_arrives_once(deliver: Callable[[], Any], help_desk: HelpDesk, clock: FixedClock) -> None:
    assert await deliver() == 1
    clock.advance(hours=2)
    assert await deliver() == 0
    assert len(help_desk.deliveries) == 1


async def test_a_help_desk_that_is_down_gets_the_same_again_until_it_is_given_up(
    deliver: Callable[[], Any], help_desk: HelpDesk, clock: FixedClock, store: SqlStore
) -> None:
    help_desk.status = 503
    for _ in range(4):
        await deliver()
        clock.advance(hours=2)
    assert len(help_desk.deliveries) == 3
    assert len(set(help_desk.deliveries)) == 1
    with store.transaction() as tx:
        (dead,) = tx.outbox.find("dead")
        assert dead.last_error == "the webhook answered 503"
        tx.outbox.retry(dead.id, clock.now())
    help_desk.status = 204
    await deliver()
    assert len(set(help_desk.deliveries)) == 1
    with store.transaction(read_only=True) as tx:
        assert [one.status for one in tx.outbox.find()] == ["sent"]
