"""The loop of every consumer."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from alerting.runtime.batch_loop import BatchLoop
from alerting.runtime.broker import BatchConsumer, Message
from alerting.runtime.broker.memory import MemoryBroker, MemoryConsumer, MemoryProducer
from alerting.runtime.errors import PlaceLost, Unavailable
from alerting.runtime.telemetry import UNAVAILABLE, Telemetry
from fix_clock import FakeClock

TOPIC = "alerts.new"


class Recorder:
    """A handler that fails as often as told, and stops the loop when it has seen enough."""

    def __init__(self, stop: threading.Event, enough: int, *failures: Exception) -> None:
        self._stop = stop
        self._enough = enough
        self._failures = list(failures)
        self.batches: list[list[bytes | None]] = []
        self.handled: list[bytes | None] = []

    def handle(self, messages: Sequence[Message]) -> None:
        self.batches.append([message.value() for message in messages])
        if self._failures:
            raise self._failures.pop(0)
        self.handled += self.batches[-1]
        if len(self.handled) >= self._enough:
            self._stop.set()


class Stop(threading.Event):
    """Notes how long the loop wanted to pause, and does not wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout or 0)
        return self.is_set()


class Setup:
    def __init__(self) -> None:
        self.broker = MemoryBroker(FakeClock())
        self.clock = FakeClock()
        self.telemetry = Telemetry(self.clock)
        self.stop = Stop()

    def consumer(self) -> MemoryConsumer:
        return MemoryConsumer(self.broker, TOPIC, "group")

    def write(self, count: int) -> None:
        producer = MemoryProducer(self.broker)
        for number in range(count):
            producer.send(TOPIC, b"key", b"%d" % number)

    def loop(self, handler: Recorder, consumer: BatchConsumer | None = None, batch_size: int = 4) -> BatchLoop:
        return BatchLoop(
            consumer or self.consumer(), handler, self.telemetry, self.clock, topic=TOPIC, batch_size=batch_size
        )

    def left(self) -> list[bytes | None]:
        """Return what was not committed."""
        for member in list(self.broker.groups[TOPIC, "group"].members):
            member.close()
        consumer = self.consumer()
        left = [message.value() for message in consumer.consume(1_000, 0)]
        consumer.close()
        return left


@pytest.fixture
def setup() -> Setup:
    return Setup()


def numbers(*of: int) -> list[bytes]:
    return [b"%d" % number for number in of]


def test_what_was_handled_is_committed_and_counted(setup: Setup) -> None:
    setup.write(10)
    handler = Recorder(setup.stop, 10)
    setup.loop(handler).run(setup.stop)
    assert handler.batches == [numbers(0, 1, 2, 3), numbers(4, 5, 6, 7), numbers(8, 9)]
    assert setup.left() == []
    assert +Counter(setup.telemetry.totals()) == {"consumed": 10}


def test_when_a_dependency_is_away_the_same_messages_come_again_after_a_pause(setup: Setup) -> None:
    setup.write(5)
    handler = Recorder(setup.stop, 5, Unavailable("postgres", "away"), Unavailable("postgres", "still"))
    before = UNAVAILABLE.labels("postgres")._value.get()
    setup.loop(handler).run(setup.stop)
    assert handler.batches == [numbers(0, 1, 2, 3)] * 3 + [numbers(4)]
    assert handler.handled == numbers(0, 1, 2, 3, 4)
    assert setup.left() == []
    assert len(setup.stop.pauses) == 2
    assert setup.stop.pauses[1] > setup.stop.pauses[0] > 0
    assert UNAVAILABLE.labels("postgres")._value.get() == before + 2


def test_pauses_begin_anew_after_a_success(setup: Setup) -> None:
    setup.write(8)
    away = Unavailable("postgres", "away")
    handler = Recorder(setup.stop, 8, *[away] * 6)
    loop = setup.loop(handler)
    loop.run(setup.stop)
    longest = max(setup.stop.pauses)
    setup.stop.clear()
    setup.write(1)
    again = Recorder(setup.stop, 1, away)
    setup.loop(again, batch_size=1).run(setup.stop)
    assert setup.stop.pauses[-1] < longest / 4


def test_pauses_grow_to_a_bound(setup: Setup) -> None:
    setup.write(1)
    handler = Recorder(setup.stop, 1, *[Unavailable("postgres", "away")] * 20)
    setup.loop(handler).run(setup.stop)
    assert max(setup.stop.pauses) <= 6


@pytest.mark.parametrize("error", [ValueError("poison"), KeyError("x"), PlaceLost("x")], ids=repr)
def test_any_other_error_ends_the_loop_uncommitted(setup: Setup, error: Exception) -> None:
    setup.write(6)
    handler = Recorder(setup.stop, 6, error)
    with pytest.raises(type(error)):
        setup.loop(handler).run(setup.stop)
    assert setup.left() == numbers(0, 1, 2, 3, 4, 5)


def test_a_stop_finishes_the_batch_in_hand_and_takes_no_other(setup: Setup) -> None:
    setup.write(10)
    handler = Recorder(setup.stop, 1)
    setup.loop(handler).run(setup.stop)
    assert handler.batches == [numbers(0, 1, 2, 3)]
    assert setup.left() == numbers(4, 5, 6, 7, 8, 9)


def test_told_to_stop_before_it_began_it_takes_nothing(setup: Setup) -> None:
    setup.write(1)
    setup.stop.set()
    handler = Recorder(setup.stop, 1)
    setup.loop(handler).run(setup.stop)
    assert handler.batches == []


def test_a_broker_that_is_away_is_waited_for(setup: Setup) -> None:
    setup.write(1)
    setup.broker.down = True
    handler = Recorder(setup.stop, 1)

    def come_back(timeout: float | None = None) -> bool:
        setup.broker.down = False
        return False

    setup.stop.wait = come_back  # type: ignore[method-assign]
    setup.loop(handler).run(setup.stop)
    assert handler.handled == numbers(0)
    assert +Counter(setup.telemetry.totals()) == {"consumed": 1, "errors": 1}


class Failing(MemoryConsumer):
    """A consumer one of whose methods fails once."""

    def __init__(self, broker: MemoryBroker, method: str, failure: Exception) -> None:
        super().__init__(broker, TOPIC, "group")
        whole: Callable[[Sequence[Message]], None] = getattr(self, method)

        def fail(messages: Sequence[Message]) -> None:
            setattr(self, method, whole)
            raise failure

        setattr(self, method, fail)


def test_a_commit_that_is_not_confirmed_is_made_up_for_by_the_next(setup: Setup) -> None:
    setup.write(8)
    handler = Recorder(setup.stop, 8)
    setup.loop(handler, Failing(setup.broker, "commit", Unavailable("kafka", "away"))).run(setup.stop)
    assert handler.handled == numbers(*range(8))
    assert setup.left() == []


def test_what_cannot_be_rewound_is_not_skipped(setup: Setup) -> None:
    setup.write(8)
    handler = Recorder(setup.stop, 8, Unavailable("postgres", "away"))
    with pytest.raises(PlaceLost):
        setup.loop(handler, Failing(setup.broker, "rewind", PlaceLost("nowhere"))).run(setup.stop)
    assert setup.left() == numbers(*range(8))


def test_the_latency_is_the_first_messages_age_when_it_is_done(setup: Setup) -> None:
    setup.write(3)
    setup.clock.advance(2.5)
    handler = Recorder(setup.stop, 3)
    setup.loop(handler).run(setup.stop)
    assert setup.telemetry.figures()["latency_ms"] == {"p50": 2_500.0, "p95": 2_500.0, "p99": 2_500.0}


def test_a_producers_clock_that_is_ahead_makes_no_negative_latency(setup: Setup) -> None:
    setup.write(1)
    setup.clock.advance(-10)
    setup.loop(Recorder(setup.stop, 1)).run(setup.stop)
    assert setup.telemetry.figures()["latency_ms"] == {"p50": 0.0, "p95": 0.0, "p99": 0.0}


def test_an_empty_topic_is_no_error(setup: Setup) -> None:
    assert setup.loop(Recorder(setup.stop, 1)).step() == 0
