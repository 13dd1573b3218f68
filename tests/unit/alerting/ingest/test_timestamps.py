import pytest

from alerting.ingest.faults import Rejected
from alerting.ingest.timestamps import microseconds, rfc_3339, seconds

SECOND = 1_750_000_000


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-06-15T15:06:40Z", SECOND * 1_000_000),
        ("2025-06-15t15:06:40z", SECOND * 1_000_000),
        ("2025-06-15T17:06:40+02:00", SECOND * 1_000_000),
        ("2025-06-15T15:06:40+0000", SECOND * 1_000_000),
        ("2025-06-15T15:06:40.5Z", SECOND * 1_000_000 + 500_000),
        ("2025-06-15T15:06:40.123Z", SECOND * 1_000_000 + 123_000),
        ("2025-06-15T15:06:40.123456789Z", SECOND * 1_000_000 + 123_456),
        ("2025-06-15T15:06:40.123456789012345678Z", SECOND * 1_000_000 + 123_456),
        ("1970-01-01T00:00:00Z", 0),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00.000Z", None),
        ("", None),
        (None, None),
    ],
)
def test_times_as_they_are_written(written: object, expected: int | None) -> None:
    assert microseconds(written, "startsAt") == expected


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "2025-06-15",
        "2025-06-15T15:06:40",
        "2025-13-01T00:00:00Z",
        "2025-02-30T00:00:00Z",
        "2025-06-15T15:06:61Z",
        "0000-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "20250615T150640Z",
        "2025-06-15T15:06:40Z ",
        "٢٠٢٥-06-15T15:06:40Z",
        "9999-12-31T23:59:59-12:00",
        "x" * 10_000,
        1_750_000_000,
        True,
        {},
        [],
    ],
)
def test_what_is_no_time(written: object) -> None:
    with pytest.raises(Rejected) as error:
        microseconds(written, "startsAt")
    assert error.value.field == "startsAt"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (SECOND, SECOND),
        (SECOND + 0.9, SECOND),
        (0, 0),
        (253_402_300_799, 253_402_300_799),
        ("2025-06-15T15:06:40.9Z", SECOND),
        (None, None),
    ],
)
def test_seconds(value: object, expected: int | None) -> None:
    assert seconds(value, "event_ts") == expected


@pytest.mark.parametrize("value", [-1, 253_402_300_800, 1e300, True, False, [], {}, "1750000000"])
def test_what_are_no_seconds(value: object) -> None:
    with pytest.raises(Rejected):
        seconds(value, "event_ts")


def test_writing() -> None:
    assert rfc_3339(SECOND * 1_000_000 + 123_456) == "2025-06-15T15:06:40.123Z"
    assert microseconds(rfc_3339(SECOND * 1_000_000), "startsAt") == SECOND * 1_000_000
