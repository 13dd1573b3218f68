from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from alerting.ingest.faults import Rejected
from alerting.ingest.timestamps import microseconds, rfc_3339, seconds

ZONES = st.integers(-1_439, 1_439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1970, 1, 3), datetime(9999, 12, 28), timezones=ZONES)  # noqa: DTZ001


@given(TIMES)
def test_any_time_in_any_zone(at: datetime) -> None:
    exact = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert microseconds(at.isoformat(), "t") == exact
    assert seconds(at.isoformat(), "t") == exact // 1_000_000
    assert microseconds(rfc_3339(exact), "t") == exact // 1_000 * 1_000


@given(TIMES, st.text("0123456789", min_size=1, max_size=12))
def test_decimals_beyond_microseconds_are_dropped(at: datetime, decimals: str) -> None:
    whole = at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()
    found = microseconds(f"{whole}.{decimals}Z", "t")
    assert found is not None
    assert found % 1_000_000 == int(decimals[:6].ljust(6, "0"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=2)
)


@given(JSON)
def test_anything_else_is_refused_or_absent(value: object) -> None:
    for read in (microseconds, seconds):
        try:
            found = read(value, "t")
        except Rejected:
            continue
        assert found is None or found >= 0
