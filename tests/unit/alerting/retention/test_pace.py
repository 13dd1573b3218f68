import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.retention.pace import next_batch, pause_after


@pytest.mark.parametrize(("seconds", "pause"), [(0.0, 0.0), (0.1, 0.4), (1.0, 4.0), (100.0, 60.0)])
def test_it_works_for_a_fifth_of_the_time_and_rests_for_a_minute_at_most(seconds: float, pause: float) -> None:
    assert pause_after(seconds) == pytest.approx(pause)


def test_a_batch_that_was_too_slow_is_followed_by_a_quarter_of_it() -> None:
    assert [next_batch(size, 1_000, failed=True) for size in (1_000, 250, 62, 3, 1)] == [250, 62, 15, 1, 1]


def test_after_others_it_grows_again_to_what_is_allowed() -> None:
    assert [next_batch(size, 1_000, failed=False) for size in (1, 2, 400, 600, 1_000)] == [2, 4, 800, 1_000, 1_000]


@given(st.integers(1, 10_000), st.lists(st.booleans(), max_size=50))
def test_a_batch_is_never_empty_and_never_too_large(most: int, ends: list[bool]) -> None:
    size = most
    for failed in ends:
        size = next_batch(size, most, failed=failed)
        assert 1 <= size <= most
