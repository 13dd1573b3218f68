import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.sender.breaker import LEAST_ATTEMPTS, MOST_IN_A_ROW, WINDOW, Breaker


def broken(now: float = 0.0) -> Breaker:
    breaker = Breaker(30.0, 100.0)
    for _ in range(MOST_IN_A_ROW):
        breaker.record(now, failed=True)
    return breaker


def test_ten_failures_in_a_row_open_it() -> None:
    breaker = Breaker(30.0, 100.0)
    for _ in range(1_000):
        breaker.record(0.0, failed=False)
    opened = [breaker.record(1.0, failed=True) for _ in range(MOST_IN_A_ROW)]
    assert opened == [0.0] * (MOST_IN_A_ROW - 1) + [30.0]
    assert (breaker.wait(1.0), breaker.wait(11.0), breaker.wait(31.0)) == (30.0, 20.0, 0.0)


@pytest.mark.parametrize(("failures", "opened"), [(6, 0.0), (7, 30.0)])
def test_seven_of_ten_open_it_and_six_do_not(failures: int, opened: float) -> None:
    breaker = Breaker(30.0, 100.0)
    for _ in range(LEAST_ATTEMPTS - failures):
        breaker.record(0.0, failed=False)
    assert [breaker.record(0.0, failed=True) for _ in range(failures)][-1] == opened


def test_nine_failures_are_too_few_to_judge() -> None:
    breaker = Breaker(30.0, 100.0)
    assert [breaker.record(0.0, failed=True) for _ in range(9)] == [0.0] * 9
    assert breaker.closed


def test_what_is_long_ago_counts_no_more() -> None:
    breaker = Breaker(30.0, 100.0)
    for _ in range(6):
        breaker.record(0.0, failed=True)
    breaker.record(0.0, failed=False)
    later = WINDOW + 31
    assert [breaker.record(later, failed=True) for _ in range(8)] == [0.0] * 8
    assert breaker.record(later, failed=False) == 0.0
    assert breaker.record(later, failed=True) == 30.0


def test_one_attempt_probes_and_the_others_wait_for_its_end() -> None:
    breaker = broken()
    assert breaker.admit(29.0) == 1.0
    assert breaker.admit(30.0) == 0.0
    assert breaker.admit(30.0) > 0.0
    assert breaker.record(31.0, failed=False) == 0.0
    assert breaker.closed
    assert breaker.admit(31.0) == 0.0


def test_a_probe_that_fails_doubles_the_time_to_a_bound() -> None:
    breaker, now, opened = broken(), 0.0, []
    for _ in range(4):
        now += breaker.wait(now)
        assert breaker.admit(now) == 0.0
        opened.append(breaker.record(now, failed=True))
    assert opened == [60.0, 100.0, 100.0, 100.0]


def test_a_probe_that_was_not_made_leaves_the_place_to_the_next() -> None:
    breaker = broken()
    assert breaker.admit(30.0) == 0.0
    breaker.abandon()
    assert breaker.admit(30.0) == 0.0


def test_a_failure_of_before_it_opened_changes_nothing() -> None:
    breaker = broken()
    assert breaker.record(5.0, failed=True) == 0.0
    assert breaker.wait(5.0) == 25.0


def test_once_closed_it_forgets_what_it_opened_for() -> None:
    breaker = broken()
    breaker.admit(30.0)
    breaker.record(30.0, failed=False)
    assert breaker.record(30.0, failed=True) == 0.0
    assert breaker.closed


def test_it_is_idle_when_nothing_was_heard_for_long() -> None:
    breaker = Breaker(30.0, 100.0)
    assert breaker.is_idle(0.0)
    breaker.record(0.0, failed=True)
    assert not breaker.is_idle(WINDOW)
    assert breaker.is_idle(WINDOW + 1)
    assert not broken().is_idle(1e9)


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from(["fail", "succeed", "abandon"])), max_size=200))
def test_it_never_waits_longer_than_its_bound_and_lets_one_through_after(steps: list[tuple[float, str]]) -> None:
    breaker, now = Breaker(30.0, 100.0), 0.0
    for passed, end in steps:
        now += passed
        wait = breaker.wait(now)
        assert 0.0 <= wait <= 100.0
        assert breaker.admit(now + wait) == 0.0
        now += wait
        assert breaker.closed or breaker.wait(now) > 0.0
        if end == "abandon":
            breaker.abandon()
        else:
            breaker.record(now, failed=end == "fail")
