"""The figures that an operator alarms on, counted in the database at each asking: any process tells the same."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool

from bot.errors import Unavailable
from bot.privacy.due_dates import jst_date
from bot.services.jobs import HEARTBEAT
from bot.services.ports import Clock, Store
from bot.services.ports.operation import JobRun, Vitals

UNANSWERED_AFTER_S = 60
"""After that long the engine's time-out is over and the worker takes a message up again."""
_PATIENCE_S = 2.0


async def vital_figures(store: Store, clock: Clock) -> bytes:
    """Give them in Prometheus' text format; without the database, that it doesn't answer."""
    now = clock.now()
    try:
        found = await asyncio.wait_for(run_in_threadpool(_read, store, now), _PATIENCE_S)
    except (Unavailable, asyncio.TimeoutError):
        found = None
    registry = CollectorRegistry()
    registry.register(_Once(now, found))
    return generate_latest(registry)


def _read(store: Store, now: datetime) -> tuple[Vitals, list[JobRun]]:
    with store.transaction(read_only=True) as tx:
        return tx.operation.vitals(now, jst_date(now), UNANSWERED_AFTER_S), tx.operation.jobs()


class _Once(Collector):
    """What was found this time, kept nowhere: prometheus_client's own gauges would stay when nobody sets them."""

    def __init__(self, now: datetime, found: tuple[Vitals, list[JobRun]] | None) -> None:
        self._now = now
        self._found = found

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("madoguchi_database_up", "Whether the database answers", int(self._found is not None))
        if self._found is not None:
            vitals, jobs = self._found
            yield from self._vitals(vitals)
            yield self._worker(jobs)
            yield from _jobs(jobs)

    def _vitals(self, vitals: Vitals) -> Iterator[Metric]:
        outbox = GaugeMetricFamily(
            "madoguchi_outbox_messages", "Messages to be delivered, and given up", labels=["status"]
        )
        outbox.add_metric(["waiting"], vitals.outbox_waiting)
        outbox.add_metric(["dead"], vitals.outbox_dead)
        yield outbox
        for name, meaning, value in (
            ("outbox_overdue_seconds", "How long the oldest message is due", self._since(vitals.outbox_due_since)),
            ("handoffs_waiting", "Customers who wait for a person", vitals.handoffs_waiting),
            ("handoff_oldest_seconds", "How long the first of them waits", self._since(vitals.handoff_waiting_since)),
            ("requests_running", "Data subject requests that haven't ended", vitals.requests_running),
            ("requests_overdue", "Those past their due date", vitals.requests_overdue),
            ("messages_unanswered", "Messages nobody has worked on for a minute", vitals.messages_unanswered),
        ):
            yield GaugeMetricFamily(f"madoguchi_{name}", meaning, value)

    def _worker(self, jobs: Sequence[JobRun]) -> Metric:
        beat = next((job.ran_at for job in jobs if job.name == HEARTBEAT), None)
        # A worker that never ran must set the alarm off, too.
        silent = self._since(beat) if beat else math.inf
        return GaugeMetricFamily("madoguchi_worker_silent_seconds", "Since the worker was last seen alive", silent)

    def _since(self, moment: datetime | None) -> float:
        return max(0.0, (self._now - moment).total_seconds()) if moment else 0.0


def _jobs(jobs: Sequence[JobRun]) -> Iterator[Metric]:
    ran = GaugeMetricFamily("madoguchi_job_last_run_timestamp_seconds", "When a job ran last", labels=["job"])
    ok = GaugeMetricFamily("madoguchi_job_ok", "Whether it ended well", labels=["job"])
    for job in jobs:
        ran.add_metric([job.name], job.ran_at.timestamp())
        ok.add_metric([job.name], int(job.ok))
    yield ran
    yield ok
