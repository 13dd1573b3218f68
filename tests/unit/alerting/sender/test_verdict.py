import pytest

from alerting.sender.delivery import DeliveryError
from alerting.sender.verdict import MOST_RETRY_AFTER, Verdict, http_error, judge

DELAYS = [5.0, 30.0]


def middle() -> float:
    return 0.5


def test_what_was_taken_is_delivered() -> None:
    assert judge(3, None, DELAYS, middle) == Verdict("DELIVERED")


@pytest.mark.parametrize(
    ("attempt", "verdict"),
    [(1, Verdict("PENDING", 5.0)), (2, Verdict("PENDING", 30.0)), (3, Verdict("FAILED")), (9, Verdict("FAILED"))],
)
def test_attempts_follow_the_schedule_and_end_with_it(attempt: int, verdict: Verdict) -> None:
    assert judge(attempt, DeliveryError("no"), DELAYS, middle) == verdict


def test_no_schedule_is_no_repetition() -> None:
    assert judge(1, DeliveryError("no"), [], middle) == Verdict("FAILED")


def test_delays_vary_by_a_fifth() -> None:
    assert judge(1, DeliveryError("no"), DELAYS, lambda: 0.0).delay == pytest.approx(4.0)
    assert judge(1, DeliveryError("no"), DELAYS, lambda: 1.0).delay == pytest.approx(6.0)


def test_a_permanent_error_is_not_repeated() -> None:
    assert judge(1, DeliveryError("no", permanent=True), DELAYS, middle) == Verdict("FAILED")


def test_a_receiver_is_left_alone_as_long_as_it_asks_but_not_for_ever() -> None:
    assert judge(1, DeliveryError("no", retry_after=77.0), DELAYS, middle).delay == 77.0
    assert judge(1, DeliveryError("no", retry_after=1.0), DELAYS, middle).delay == 5.0
    assert judge(1, DeliveryError("no", retry_after=1e9), DELAYS, middle).delay == MOST_RETRY_AFTER


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_success(status: int) -> None:
    assert http_error(status, "", None) is None


@pytest.mark.parametrize("status", [300, 301, 302, 307, 400, 401, 403, 404, 408, 425, 429, 500, 502, 503, 599, 999])
def test_other_statuses_are_repeated(status: int) -> None:
    error = http_error(status, "why", None)
    assert error is not None
    assert not error.permanent
    assert (error.status, error.response) == (status, "why")
    assert str(status) in str(error)


def test_gone_is_permanent() -> None:
    error = http_error(410, "", None)
    assert error is not None
    assert error.permanent


@pytest.mark.parametrize(("header", "seconds"), [("120", 120.0), ("soon", 0.0), ("-1", 0.0), ("٣", 0.0), (None, 0.0)])
def test_retry_after_is_read_as_seconds(header: str | None, seconds: float) -> None:
    error = http_error(503, "", header)
    assert error is not None
    assert error.retry_after == seconds
