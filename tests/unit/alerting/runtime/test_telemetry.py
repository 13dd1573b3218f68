"""The figures of one process."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.runtime.telemetry import Telemetry, quantiles
from fix_clock import FakeClock


def test_nothing_has_happened_yet() -> None:
    assert Telemetry(FakeClock()).figures() == {
        "counters": {"consumed": 0, "produced": 0, "refused": 0, "errors": 0, "dead_letters": 0},
        "rates": {"consumed": 0.0, "produced": 0.0, "refused": 0.0, "errors": 0.0, "dead_letters": 0.0},
        "latency_ms": {"p50": None, "p95": None, "p99": None},
        "rules_version": None,
    }


def rate(telemetry: Telemetry) -> float:
    rates = telemetry.figures()["rates"]
    assert isinstance(rates, dict)
    found: float = rates["consumed"]
    return found


def test_a_rate_is_of_the_time_that_there_was() -> None:
    clock = FakeClock()
    telemetry = Telemetry(clock)
    telemetry.count("consumed", 50)
    clock.advance(5)
    assert rate(telemetry) == 10.0


def test_a_rate_is_of_the_last_minute() -> None:
    clock = FakeClock()
    telemetry = Telemetry(clock)
    for _ in range(24):
        telemetry.count("consumed", 1_000)
        clock.advance(5)
        telemetry.figures()
    assert rate(telemetry) == 200.0
    for _ in range(12):
        clock.advance(5)
        telemetry.figures()
    assert rate(telemetry) == 0.0


def test_the_history_is_bounded() -> None:
    clock = FakeClock()
    telemetry = Telemetry(clock)
    for _ in range(1_000):
        clock.advance(5)
        telemetry.figures()
    assert len(telemetry._history) < 20


def test_latencies_are_of_the_last_minute() -> None:
    clock = FakeClock()
    telemetry = Telemetry(clock)
    telemetry.observe(9.0)
    clock.advance(61)
    telemetry.observe(0.002)
    assert telemetry.figures()["latency_ms"] == {"p50": 2.0, "p95": 2.0, "p99": 2.0}


def test_latencies_are_bounded() -> None:
    telemetry = Telemetry(FakeClock())
    for _ in range(20_000):
        telemetry.observe(1)
    assert len(telemetry._latencies) == 10_000


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        ([], (None, None, None)),
        ([0.001], (1, 1, 1)),
        ([0.001, 0.002], (1, 2, 2)),
        ([number / 1_000 for number in range(1, 101)], (50, 95, 99)),
        ([number / 1_000 for number in range(1, 1_001)], (500, 950, 990)),
    ],
)
def test_quantiles_are_by_nearest_rank(seconds: list[float], found: tuple[float | None, ...]) -> None:
    assert tuple(quantiles(seconds).values()) == found


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_quantiles_are_among_what_was_seen_and_in_order(seconds: list[float]) -> None:
    p50, p95, p99 = quantiles(sorted(seconds)).values()
    assert p50 is not None
    assert p95 is not None
    assert p99 is not None
    assert p50 <= p95 <= p99
    assert {p50, p95, p99} <= {round(each * 1_000, 3) for each in seconds}
