from typing import Any

import pytest

from alerting.sender.delivery import DeliveryError
from alerting.sender.verdict import Verdict, judge
from fix_delivery import make_delivery

NO = DeliveryError("no")


def middle() -> float:
    return 0.5


def verdict(error: DeliveryError | None, *, tried: int = 0, **more: Any) -> Verdict:
    delivery = make_delivery(delays=(5.0, 30.0), tried=tried)
    return judge(delivery, error, **{"throttled_delay": 60.0, "random": middle, **more})


def test_what_was_taken_is_delivered() -> None:
    assert verdict(None, tried=3) == Verdict("DELIVERED")


@pytest.mark.parametrize(
    ("tried", "expected"),
    [(0, Verdict("PENDING", 5.0)), (1, Verdict("PENDING", 30.0)), (2, Verdict("FAILED")), (9, Verdict("FAILED"))],
)
def test_attempts_follow_the_schedule_and_end_with_it(tried: int, expected: Verdict) -> None:
    assert verdict(NO, tried=tried) == expected


def test_no_schedule_is_no_repetition() -> None:
    assert judge(make_delivery(delays=()), NO, throttled_delay=60.0, random=middle) == Verdict("FAILED")


def test_delays_vary_by_a_fifth() -> None:
    assert verdict(NO, random=lambda: 0.0).delay == pytest.approx(4.0)
    assert verdict(NO, random=lambda: 1.0).delay == pytest.approx(6.0)


@pytest.mark.parametrize("error", [DeliveryError("no", permanent=True), DeliveryError("no", gone=True)])
def test_a_permanent_error_is_not_repeated(error: DeliveryError) -> None:
    assert verdict(error) == Verdict("FAILED")


def test_who_has_too_much_to_do_is_left_alone_for_a_minute() -> None:
    assert verdict(DeliveryError("no", throttled=True)).delay == 60.0
    assert verdict(DeliveryError("no", throttled=True), throttled_delay=10.0, tried=1).delay == 30.0


def test_a_receiver_is_left_alone_as_long_as_it_asks() -> None:
    assert verdict(DeliveryError("no", retry_after=77.0)).delay == 77.0
    assert verdict(DeliveryError("no", retry_after=1.0)).delay == 5.0


def test_a_configuration_error_is_marked_when_it_happens_again() -> None:
    error = DeliveryError("no", configuration=True)
    assert [verdict(error, tried=tried).configuration for tried in (0, 1, 2)] == [False, True, True]
    assert not verdict(NO, tried=1).configuration
