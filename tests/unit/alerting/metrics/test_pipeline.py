"""Everything at once, of which each part answers without the others."""

from collections import Counter
from collections.abc import Mapping, Sequence

from alerting.metrics.answers import ServiceFigures, TopicFigures
from alerting.metrics.notifications import Counted, figures
from alerting.metrics.pipeline import Pipeline
from alerting.metrics.window import Span, last_hours
from alerting.runtime.errors import Unavailable
from fix_clock import FakeClock


def service(name: str, produced: float) -> ServiceFigures:
    return ServiceFigures(
        service=name,
        instances=[],
        counters={},
        rates={"produced": produced},
        latency_ms={},
        versions=[],
        rules_version=None,
    )


def topic(name: str, written: int, dead_letters: int = 0) -> TopicFigures:
    return TopicFigures(topic=name, group="g", partitions=1, written=written, lag=0, dead_letters=dead_letters)


class Down:
    """What the three readers share: each may be away."""

    def __init__(self, dependency: str, *, down: bool) -> None:
        self._dependency = dependency
        self._down = down

    def check(self) -> None:
        if self._down:
            raise Unavailable(self._dependency, "away")


class Notifications(Down):
    def __init__(self, dependency: str, *, down: bool) -> None:
        super().__init__(dependency, down=down)
        self.asked: list[Span] = []

    async def read(self, span: Span, client_id: str | None) -> Counted:
        assert client_id is None
        self.check()
        self.asked.append(span)
        return Counted()


class Heartbeats(Down):
    async def read(self) -> Sequence[ServiceFigures]:
        self.check()
        return [service("ingest", 10.5), service("alert-producer", 1.0), service("evaluator", 99.0)]


class Lag(Down):
    def read(self) -> Sequence[TopicFigures]:
        self.check()
        return [topic("alerts.new", 5), topic("alerts.matched", 7, dead_letters=3)]


class HandledLetters(Down):
    async def count(self, topics: Sequence[str]) -> Mapping[str, int]:
        assert topics == ["alerts.matched"]
        self.check()
        return {"alerts.matched": 2}


def pipeline(*down: str) -> Pipeline:
    return Pipeline(
        Notifications("postgres", down="postgres" in down),  # type: ignore[arg-type]
        Heartbeats("redis", down="redis" in down),  # type: ignore[arg-type]
        Lag("kafka", down="kafka" in down),  # type: ignore[arg-type]
        HandledLetters("postgres", down="postgres" in down),  # type: ignore[arg-type]
        FakeClock(),
        seconds=1,
    )


async def test_everything() -> None:
    found = await pipeline().all(24)
    assert found.parts == {"kafka": "ok", "postgres": "ok", "redis": "ok"}
    assert (found.alerts.written, found.alerts.rate) == (5, 11.5)
    assert found.notifications is not None
    assert len(found.notifications.hours) == 24
    assert [each.dead_letters for each in found.topics or ()] == [0, 1]


async def test_without_redis() -> None:
    found = await pipeline("redis").all(1)
    assert found.parts == {"kafka": "ok", "postgres": "ok", "redis": "unavailable"}
    assert (found.services, found.alerts.rate, found.alerts.written) == (None, None, 5)
    assert found.notifications is not None


async def test_without_kafka() -> None:
    found = await pipeline("kafka").all(1)
    assert found.parts["kafka"] == "unavailable"
    assert (found.topics, found.alerts.written, found.alerts.rate) == (None, None, 11.5)


async def test_without_postgres() -> None:
    found = await pipeline("postgres").all(1)
    assert found.parts["postgres"] == "unavailable"
    assert found.notifications is None
    assert [each.dead_letters for each in found.topics or ()] == [0, 3]


async def test_with_nothing_at_all_it_still_answers() -> None:
    found = await pipeline("postgres", "redis", "kafka").all(1)
    assert set(found.parts.values()) == {"unavailable"}


def test_counts_are_put_together_by_hour_status_severity_and_type() -> None:
    window = last_hours(2, 1_700_000_000)
    first, second = window.hours
    found = figures(
        window,
        [
            Counted(
                Counter({(first, "SENT", "HIGH"): 1, (first, "SENT", "LOW"): 2}), Counter({("slack", "DELIVERED"): 4})
            ),
            Counted(
                Counter({(second, "SENT", "LOW"): 4, (second, "FAILED", "LOW"): 1}),
                Counter({("slack", "DELIVERED"): 2, ("slack", "PENDING"): 1, ("email", "FAILED"): 2}),
            ),
        ],
    )
    assert (found.notifications, found.deliveries) == (8, 9)
    assert found.by_status == {"FAILED": 1, "SENT": 7}
    assert found.by_severity == {"HIGH": 1, "LOW": 7}
    assert [hour.by_status for hour in found.hours] == [{"SENT": 3}, {"FAILED": 1, "SENT": 4}]
    assert [hour.by_severity for hour in found.hours] == [{"HIGH": 1, "LOW": 2}, {"LOW": 5}]
    assert found.deliveries_by_type == {"slack": {"DELIVERED": 6, "PENDING": 1}, "email": {"FAILED": 2}}


async def test_hours_that_are_over_are_counted_once_in_a_while() -> None:
    notifications, clock = Notifications("postgres", down=False), FakeClock()
    whole = Pipeline(
        notifications,  # type: ignore[arg-type]
        Heartbeats("redis", down=False),  # type: ignore[arg-type]
        Lag("kafka", down=False),  # type: ignore[arg-type]
        HandledLetters("postgres", down=False),  # type: ignore[arg-type]
        clock,
        seconds=1,
    )
    await whole.notifications(24, None)
    assert len(notifications.asked) == 23
    clock.advance(2)
    await whole.notifications(24, None)
    assert len(notifications.asked) == 24
    assert notifications.asked[-1] == last_hours(24, clock.now()).recent
    await whole.notifications(12, None)
    assert len(notifications.asked) == 24
    clock.advance(301)
    await whole.notifications(24, None)
    assert len(notifications.asked) > 46
