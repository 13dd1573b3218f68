import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.sender.rate_limit import Rate, RateLimit


def test_a_burst_goes_and_then_one_at_a_time() -> None:
    limit = RateLimit(Rate(per_second=2, burst=3), 0.0)
    assert [limit.admit(0.0, waited=False) for _ in range(5)] == [0.0, 0.0, 0.0, 0.5, 1.0]


def test_those_that_waited_go_when_they_were_told_to() -> None:
    limit = RateLimit(Rate(per_second=2, burst=1), 0.0)
    limit.admit(0.0, waited=False)
    waits = [limit.admit(0.0, waited=False) for _ in range(3)]
    assert [limit.admit(wait, waited=True) for wait in waits] == [0.0, 0.0, 0.0]


def test_a_new_one_goes_behind_those_that_wait() -> None:
    limit = RateLimit(Rate(per_second=1, burst=1), 0.0)
    assert [limit.admit(0.0, waited=False) for _ in range(3)] == [0.0, 1.0, 2.0]
    assert limit.admit(1.0, waited=False) == pytest.approx(2.0)
    assert limit.admit(1.0, waited=True) == 0.0


def test_what_is_given_back_can_be_taken() -> None:
    limit = RateLimit(Rate(per_second=1, burst=1), 0.0)
    assert limit.admit(0.0, waited=True) == 0.0
    limit.give_back()
    assert limit.admit(0.0, waited=True) == 0.0
    limit.give_back()
    limit.give_back()
    assert [limit.admit(0.0, waited=True) for _ in range(2)] == [0.0, 1.0]


def test_it_is_idle_when_it_is_as_new() -> None:
    limit = RateLimit(Rate(per_second=2, burst=2), 0.0)
    assert limit.is_idle(0.0)
    limit.admit(0.0, waited=False)
    assert not limit.is_idle(0.4)
    assert limit.is_idle(0.5)


@given(
    st.floats(0.1, 100),
    st.integers(1, 20),
    st.lists(st.floats(0, 2), min_size=1, max_size=200),
)
def test_no_more_than_the_burst_and_the_rate_ever_go(per_second: float, burst: int, pauses: list[float]) -> None:
    limit, now, gone = RateLimit(Rate(per_second=per_second, burst=burst), 0.0), 0.0, 0
    for pause in pauses:
        now += pause
        gone += limit.admit(now, waited=True) == 0.0
        assert gone <= burst + now * per_second + 1e-6
