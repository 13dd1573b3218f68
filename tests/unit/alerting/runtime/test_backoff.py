"""How long to wait."""

from itertools import islice

import pytest

from alerting.runtime.backoff import delays


def test_delays_double_up_to_the_most() -> None:
    assert list(islice(delays(0.1, 1.0, jitter=0), 6)) == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.0, 1.0])


def test_each_is_varied_by_its_share() -> None:
    for wanted, delay in zip([0.1, 0.2, 0.4, 0.8], delays(0.1, 5, jitter=0.2), strict=False):
        assert wanted * 0.8 <= delay <= wanted * 1.2


def test_they_do_not_end() -> None:
    assert max(islice(delays(), 10_000)) <= 6
