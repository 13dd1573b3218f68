"""The gauges that Prometheus reads."""

import asyncio
import math
from collections.abc import Sequence
from typing import Any

from prometheus_client import Gauge

from alerting.metrics.answers import Instance, ServiceFigures, TopicFigures
from alerting.metrics.backlog import Backlog
from alerting.metrics.gauges import BACKLOG, INSTANCES_ALIVE, TOPICS, Gauges, keep
from alerting.runtime.errors import Unavailable
from alerting.runtime.metric import SERVICES
from alerting.runtime.telemetry import (
    CONSUMER_LAG,
    DEAD_LETTERS_WAITING,
    DELIVERIES_OVERDUE,
    DELIVERIES_WAITING,
    INSTANCES,
    OUTBOX_AGE,
    OUTBOX_CHANGES,
)
from fix_clock import FakeClock

Shown = dict[str, float]


def shown(gauge: Gauge) -> Shown:
    return {
        next(iter(sample.labels.values()), ""): sample.value for metric in gauge.collect() for sample in metric.samples
    }


async def kept(gauges: Gauges[Any], answers: Sequence[object], *looked_at: Gauge) -> list[list[Shown]]:
    """Return what the gauges say after each of the answers."""
    left = list(answers)
    seen: list[list[Shown]] = []
    done = asyncio.Event()

    async def read() -> object:
        seen.append([shown(gauge) for gauge in looked_at])
        if not left:
            done.set()
            await asyncio.Event().wait()
        answer = left.pop(0)
        if isinstance(answer, Unavailable):
            raise answer
        return answer

    keeping = asyncio.create_task(keep(read, gauges, 0, FakeClock()))
    async with asyncio.timeout(10):
        await done.wait()
    keeping.cancel()
    return seen[1:]


def topic(lag: int, dead_letters: int) -> list[TopicFigures]:
    return [TopicFigures(topic="alerts.new", group="g", partitions=1, written=9, lag=lag, dead_letters=dead_letters)]


async def test_lag_and_dead_letters_are_gone_when_nobody_knows_them() -> None:
    answers = [topic(5, 2), Unavailable("kafka", "away"), topic(2, 0)]
    assert await kept(TOPICS, answers, CONSUMER_LAG, DEAD_LETTERS_WAITING) == [
        [{"alerts.new": 5.0}, {"alerts.new": 2.0}],
        [{}, {}],
        [{"alerts.new": 2.0}, {"alerts.new": 0.0}],
    ]


def service(name: str, number: int) -> ServiceFigures:
    instances = [
        Instance(
            service=name, instance=str(each), version="1", started_at=0, at=0, counters={}, rates={}, latency_ms={}
        )
        for each in range(number)
    ]
    return ServiceFigures(
        service=name, instances=instances, counters={}, rates={}, latency_ms={}, versions=["1"], rules_version=None
    )


async def test_a_service_without_a_process_has_none_of_them() -> None:
    answers = [[service("sender", 2), service("elsewhere", 1)], Unavailable("redis", "away"), []]
    none = dict.fromkeys(SERVICES, 0.0)
    assert await kept(INSTANCES_ALIVE, answers, INSTANCES) == [[none | {"sender": 2.0}], [{}], [none]]


async def test_what_waits_in_the_database() -> None:
    answers = [Backlog(1, 2, 3, 4.5, 6, 7.5), Unavailable("postgres", "away")]
    known, unknown = await kept(BACKLOG, answers, DELIVERIES_WAITING, DELIVERIES_OVERDUE, OUTBOX_CHANGES, OUTBOX_AGE)
    assert known == [{"due": 1.0, "leased": 2.0, "put_off": 3.0}, {"": 4.5}, {"": 6.0}, {"": 7.5}]
    assert unknown[0] == {}
    assert all(math.isnan(each[""]) for each in unknown[1:])
