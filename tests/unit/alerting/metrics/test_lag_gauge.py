"""The gauge that Prometheus reads."""

import asyncio
from collections.abc import Sequence

from alerting.metrics.answers import TopicFigures
from alerting.metrics.lag_gauge import keep_lag
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import CONSUMER_LAG


def shown() -> dict[str, float]:
    return {sample.labels["topic"]: sample.value for metric in CONSUMER_LAG.collect() for sample in metric.samples}


async def test_the_gauge_follows_the_lag_and_is_gone_when_nobody_knows_it() -> None:
    found: list[Sequence[TopicFigures] | Unavailable] = [
        [TopicFigures(topic="alerts.new", group="g", partitions=1, written=9, lag=5, dead_letters=0)],
        Unavailable("kafka", "away"),
        [TopicFigures(topic="alerts.new", group="g", partitions=1, written=9, lag=2, dead_letters=0)],
    ]
    seen: list[dict[str, float]] = []
    done = asyncio.Event()

    async def topics() -> Sequence[TopicFigures]:
        seen.append(shown())
        if not found:
            done.set()
            await asyncio.Event().wait()
        answer = found.pop(0)
        if isinstance(answer, Unavailable):
            raise answer
        return answer

    CONSUMER_LAG.clear()
    keeping = asyncio.create_task(keep_lag(topics, 0))
    async with asyncio.timeout(10):
        await done.wait()
    keeping.cancel()
    assert seen == [{}, {"alerts.new": 5.0}, {}, {"alerts.new": 2.0}]
