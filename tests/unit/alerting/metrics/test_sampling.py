"""Samples are taken, one after another, whatever Redis does; and what a sample keeps."""

import asyncio
from typing import Any

import pytest

from alerting.metrics.answers import Instance, ServiceFigures, Snapshot, TopicFigures
from alerting.metrics.history import snapshot_of
from alerting.metrics.sampling import RETRY_SECONDS, keep_history
from alerting.runtime.errors import Unavailable


class Pipeline:
    def __init__(self, *answers: Snapshot | Unavailable) -> None:
        self._answers = list(answers)

    async def snapshot(self) -> Snapshot:
        answer = self._answers.pop(0)
        if isinstance(answer, Unavailable):
            raise answer
        return answer


class History:
    """Takes one sample of each step; the next one is due in 4 seconds."""

    def __init__(self) -> None:
        self.added: list[Snapshot] = []

    async def add(self, snapshot: Snapshot) -> float:
        self.added.append(snapshot)
        return 4.0


def snapshot(lag: int) -> Snapshot:
    topic = TopicFigures(topic="alerts.new", group="g", partitions=1, written=9, lag=lag, dead_letters=0)
    return snapshot_of([], [topic])


async def test_a_sample_a_step_and_a_gap_while_redis_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 4:
            raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", pause)
    away = Unavailable("redis", "away")
    pipeline: Any = Pipeline(snapshot(1), away, away, snapshot(2))
    history: Any = History()
    with pytest.raises(asyncio.CancelledError):
        await keep_history(pipeline, history)
    assert history.added == [snapshot(1), snapshot(2)]
    # A second into the next step; or soon, because it has not answered.
    assert pauses == [5.0, RETRY_SECONDS, RETRY_SECONDS, 5.0]


def test_a_sample_is_as_large_for_many_processes_as_for_one() -> None:
    instance = Instance(
        service="sender", instance="i", version="1", started_at=1, at=1, counters={"consumed": 1}, rates={},
        latency_ms={},
    )  # fmt: skip

    def figures(number: int) -> ServiceFigures:
        return ServiceFigures(
            service="sender",
            instances=[instance] * number,
            counters={"consumed": 10},
            rates={"consumed": 1.5},
            latency_ms={"p50": None},
            versions=["1"],
            rules_version=None,
        )

    found = snapshot_of([figures(20)], None)
    assert found.topics is None
    assert found.services["sender"].instances == 20
    assert (found.services["sender"].rates, found.services["sender"].latency_ms) == ({"consumed": 1.5}, {"p50": None})
    sizes = {len(snapshot_of([figures(number)], None).model_dump_json()) for number in (10, 99)}
    assert len(sizes) == 1
