"""How many alerts are due."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.alert_producer.pace import MOST_AT_ONCE, Pace


def test_a_burst_is_due_at_once_in_pieces() -> None:
    pace = Pace(count=MOST_AT_ONCE + 5)
    assert pace.due(0, 0) == MOST_AT_ONCE
    assert pace.due(0, MOST_AT_ONCE) == 5
    assert not pace.over(0, MOST_AT_ONCE)
    assert pace.over(0, MOST_AT_ONCE + 5)


def test_a_rate_is_due_as_time_goes_by() -> None:
    pace = Pace(rps=100, duration=10)
    assert pace.due(0, 0) == 1
    assert pace.due(1, 1) == 100
    assert pace.due(1, 101) == 0


def test_a_pace_that_fell_behind_catches_up_in_bounded_steps() -> None:
    assert Pace(rps=100_000, duration=60).due(30, 0) == MOST_AT_ONCE


def test_when_the_time_is_up_it_is_over_however_little_was_sent() -> None:
    pace = Pace(rps=1_000_000, duration=1)
    assert not pace.over(0.9, 10)
    assert pace.over(1.0, 10)


def test_without_a_duration_it_is_never_over() -> None:
    pace = Pace(rps=10)
    assert pace.total is None
    assert not pace.over(1e9, 10**9)
    assert pace.due(1e9, 0) == MOST_AT_ONCE


@pytest.mark.parametrize(("rps", "duration", "total"), [(500, 60, 30_000), (0.1, 1, 1), (0.5, 10, 5)])
def test_the_total_of_a_rate(rps: float, duration: float, total: int) -> None:
    assert Pace(rps=rps, duration=duration).total == total


@given(st.floats(0.1, 5_000), st.floats(0.1, 100), st.lists(st.floats(0.0, 2.0), max_size=100))
def test_it_never_sends_more_than_the_total_and_all_of_it_when_it_can(
    rps: float, duration: float, pauses: list[float]
) -> None:
    pace = Pace(rps=rps, duration=duration)
    elapsed, sent = 0.0, 0
    for pause in [*pauses, duration]:
        elapsed += pause
        due = pace.due(elapsed, sent)
        assert 0 <= due <= MOST_AT_ONCE
        sent += due
    assert pace.total is not None
    assert sent <= pace.total
    assert pace.over(elapsed, sent)
    if pace.total <= MOST_AT_ONCE:
        assert sent == pace.total
