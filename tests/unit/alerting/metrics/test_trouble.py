"""What fails now: the parts that answer, without those that do not."""

from collections.abc import Sequence
from typing import Any

import pytest

from alerting.metrics.answers import BoundedCount, ServiceFigures, TopicFigures
from alerting.metrics.failures import Failures
from alerting.metrics.trouble import NEEDED, Trouble, services_down
from alerting.runtime.errors import Unavailable
from fix_clock import FakeClock


def service(name: str) -> ServiceFigures:
    return ServiceFigures(
        service=name, instances=[], counters={}, rates={}, latency_ms={}, versions=[], rules_version=None
    )


class Reader:
    def __init__(self) -> None:
        self.asked: list[str | None] = []

    async def read(self, client_id: str | None) -> Failures:
        self.asked.append(client_id)
        return Failures([], False, BoundedCount(count=2, more=False), BoundedCount(count=3, more=True))


class Pipeline:
    def __init__(self, *down: str) -> None:
        self._down = down

    async def services(self) -> Sequence[ServiceFigures]:
        if "redis" in self._down:
            raise Unavailable("redis", "away")
        return [service(name) for name in NEEDED if name != "sender"]

    async def topics(self) -> Sequence[TopicFigures]:
        if "kafka" in self._down:
            raise Unavailable("kafka", "away")
        return [
            TopicFigures(topic=name, group="g", partitions=1, written=9, lag=1, dead_letters=4) for name in ("a", "b")
        ]


def trouble(reader: Any, *down: str) -> Trouble:
    return Trouble(reader, Pipeline(*down), FakeClock(), seconds=1)  # type: ignore[arg-type]


async def test_everything() -> None:
    found = await trouble(Reader()).now(None)
    assert found.parts == {"postgres": "ok", "redis": "ok", "kafka": "ok"}
    assert (found.dead_letters, found.services_down) == (8, ["sender"])
    assert (found.notifications_failed.count, found.waiting.more) == (2, True)


@pytest.mark.parametrize(("down", "dead_letters", "services"), [("redis", 8, None), ("kafka", None, ["sender"])])
async def test_one_that_is_away_hides_no_other(down: str, dead_letters: int | None, services: list[str] | None) -> None:
    found = await trouble(Reader(), down).now(None)
    assert found.parts[down] == "unavailable"  # type: ignore[index]
    assert (found.dead_letters, found.services_down) == (dead_letters, services)


async def test_a_client_is_told_nothing_of_the_platform() -> None:
    found = await trouble(Reader()).now("acme")
    assert (found.parts, found.dead_letters, found.services_down) == ({"postgres": "ok"}, None, None)


async def test_each_client_has_an_answer_of_its_own_which_is_kept() -> None:
    reader = Reader()
    whole = trouble(reader)
    for client in (None, "acme", "globex", None, "acme"):
        await whole.now(client)
    assert reader.asked == [None, "acme", "globex"]


def test_services_that_are_not_needed_may_be_away() -> None:
    assert services_down([service(name) for name in NEEDED]) == []
    assert services_down([]) == list(NEEDED)
