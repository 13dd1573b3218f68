"""Sending a load, with the broker in memory and a clock that tests move."""

import threading
from collections import Counter

import pytest

from alerting.alert_producer.catalog import load_catalog
from alerting.alert_producer.load import Load, new_load
from alerting.alert_producer.mix import Mix
from alerting.alert_producer.pace import Pace
from alerting.alert_producer.run import Counts, Run, send_single
from alerting.alert_producer.single import SingleAlert
from alerting.events.v1 import AlertNew
from alerting.runtime.broker.memory import MemoryBroker, MemoryProducer
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import Telemetry
from fix_clock import FakeClock

CATALOG = load_catalog()


class Ticking(threading.Event):
    """Waiting on it moves the clock."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.advance(timeout or 0)
        return self.is_set()


def load(pace: Pace, mix: Mix | None = None) -> Load:
    return Load(pace, mix or Mix(), seed=7, id_prefix="p")


def run_of(what: Load, broker: MemoryBroker, clock: FakeClock) -> Run:
    return Run(what.pace, what.generator(CATALOG, clock), MemoryProducer(broker), Telemetry(clock), clock)


def ids(broker: MemoryBroker) -> set[str]:
    return {AlertNew.FromString(message.value() or b"").alert_id for message in broker.messages("alerts.new")}


def test_a_burst_sends_every_alert_once() -> None:
    broker, clock = MemoryBroker(), FakeClock()
    counts = run_of(load(Pace(count=12_345)), broker, clock).run(Ticking(clock))
    assert (counts.sent, counts.acknowledged) == (12_345, 12_345)
    assert ids(broker) == {f"p-{number:09}" for number in range(1, 12_346)}


def test_a_rate_takes_its_time_and_sends_its_total() -> None:
    broker, clock = MemoryBroker(), FakeClock()
    counts = run_of(load(Pace(rps=500, duration=10)), broker, clock).run(Ticking(clock))
    assert counts.acknowledged == len(ids(broker)) == 5_000
    assert 9.9 < counts.seconds < 10.1
    assert 490 < counts.rate < 510


def test_progress_is_told_as_it_is_made() -> None:
    broker, clock = MemoryBroker(), FakeClock()
    told: list[Counts] = []
    run_of(load(Pace(count=25_000)), broker, clock).run(Ticking(clock), told.append)
    assert [counts.acknowledged for counts in told] == [10_000, 20_000, 25_000]


def test_a_stop_ends_it_with_all_that_was_sent_acknowledged() -> None:
    broker, clock = MemoryBroker(), FakeClock()
    stop = Ticking(clock)
    counts = run_of(load(Pace(rps=1_000)), broker, clock).run(
        stop, lambda counts: stop.set() if counts.sent > 100 else None
    )
    assert 100 < counts.sent < 300
    assert counts.acknowledged == counts.sent == len(ids(broker))


def test_a_broker_that_does_not_acknowledge_ends_it_and_the_counts_say_how_far_it_came() -> None:
    broker, clock = MemoryBroker(), FakeClock()
    run = run_of(load(Pace(count=30_000)), broker, clock)

    def break_down(counts: Counts) -> None:
        broker.down = counts.sent >= 20_000

    with pytest.raises(Unavailable):
        run.run(Ticking(clock), break_down)
    assert (run.counts.sent, run.counts.acknowledged) == (30_000, 20_000)


def test_duplicates_are_counted() -> None:
    broker, clock = MemoryBroker(), FakeClock()
    counts = run_of(load(Pace(count=1_000), Mix(duplicates=0.5)), broker, clock).run(Ticking(clock))
    assert counts.duplicates == 1_000 - len(ids(broker)) > 300


def test_what_is_sent_is_seen_in_the_figures() -> None:
    broker, clock = MemoryBroker(), FakeClock()
    telemetry = Telemetry(clock)
    what = load(Pace(count=10))
    Run(what.pace, what.generator(CATALOG, clock), MemoryProducer(broker), telemetry, clock).run(Ticking(clock))
    send_single(SingleAlert(severity="LOW", source="a", name="b"), MemoryProducer(broker), telemetry, clock)
    assert +Counter(telemetry.totals()) == {"produced": 11}


def test_two_loads_of_one_seed_have_ids_of_their_own() -> None:
    one, other = new_load(Pace(count=1), Mix(), 7, None), new_load(Pace(count=1), Mix(), 7, None)
    assert one.seed == other.seed == 7
    assert one.id_prefix != other.id_prefix


def test_a_load_without_a_seed_gets_one() -> None:
    assert new_load(Pace(count=1), Mix(), None, None).seed != new_load(Pace(count=1), Mix(), None, None).seed


def test_ids_are_as_they_were_when_the_prefix_is_given() -> None:
    assert new_load(Pace(count=1), Mix(), 7, "again") == new_load(Pace(count=1), Mix(), 7, "again")
