import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.sender.http_answer import MOST_RETRY_AFTER, http_error, retry_after

NOW = 1_700_000_000.0
AT_NOW = "Tue, 14 Nov 2023 22:13:20 GMT"
A_MINUTE_LATER = "Tue, 14 Nov 2023 22:14:20 GMT"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_success(status: int) -> None:
    assert http_error(status, "", {}, NOW) is None


@pytest.mark.parametrize(
    ("status", "words"),
    [
        *((status, set()) for status in (408, 425, 500, 501, 502, 503, 504, 599)),
        (429, {"throttled"}),
        (410, {"gone", "permanent", "configuration"}),
        *((status, {"configuration"}) for status in (300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 413, 422)),
        *((status, {"configuration"}) for status in (100, 101, 199, 600, 999)),
    ],
)
def test_a_status_decides_what_follows(status: int, words: set[str]) -> None:
    error = http_error(status, "retry me, I am 200 OK", {}, NOW)
    assert error is not None
    found = {word for word in ("permanent", "gone", "configuration", "throttled", "ours") if getattr(error, word)}
    assert found == words
    assert (error.status, error.response) == (status, "retry me, I am 200 OK")
    assert str(status) in str(error)


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", None, 120.0),
        (" 7 ", None, 7.0),
        ("0", None, 0.0),
        (A_MINUTE_LATER, None, 60.0),
        (A_MINUTE_LATER, AT_NOW, 60.0),
        # Its clock is an hour ahead of ours: what counts is the difference as it sees it.
        ("Tue, 14 Nov 2023 23:14:20 GMT", "Tue, 14 Nov 2023 23:13:20 GMT", 60.0),
        (A_MINUTE_LATER, "no date", 60.0),
        ("Tue, 14 Nov 2023 22:00:00 GMT", None, 0.0),
        ("999999999999999999999999", None, MOST_RETRY_AFTER),
        ("Tue, 14 Nov 2123 22:13:20 GMT", None, MOST_RETRY_AFTER),
        ("soon", None, 0.0),
        ("-1", None, 0.0),
        ("1.5", None, 0.0),
        ("", None, 0.0),
        ("٣", None, 0.0),
        (None, None, 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date_or_nothing(value: str | None, date: str | None, seconds: float) -> None:
    assert retry_after(value, date, NOW) == seconds


@given(st.text(), st.none() | st.text())
def test_whatever_it_says_it_is_a_time_within_bounds(value: str, date: str | None) -> None:
    assert 0.0 <= retry_after(value, date, NOW) <= MOST_RETRY_AFTER


def test_retry_after_comes_with_any_failure() -> None:
    error = http_error(503, "", {"retry-after": "30"}, NOW)
    assert error is not None
    assert error.retry_after == 30.0
