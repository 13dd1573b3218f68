from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.rule_service.pagination import encode
from alerting.rule_service.sorting import Column, Listing, SortedPaging, check_time
from alerting.runtime.problem import Problem

COLUMNS = {"at": Column("at", check=check_time)}


class Paging(SortedPaging):
    sort: Literal["at", "-at"] = "at"


def listing(at: str | None = None) -> Listing:
    name = Paging().listing("things", COLUMNS).name
    return Paging(cursor=None if at is None else encode(name, at, "x")).listing("things", COLUMNS)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_page_begins_where_the_one_before_ended(at: datetime) -> None:
    place = listing(at.isoformat()).after
    assert place is not None
    assert datetime.fromisoformat(place.value) == at


# The database, which is asked with it, reads fewer forms of a time than Python does.
@pytest.mark.parametrize(
    "at",
    [
        *("never", "2026-01-01", "2026-01-01T12:00:00", "2026-W01-1T12:00:00+00:00", "2026-01-01T12:00:00,5+00:00"),
        *("2026-01-01t12+00:00:01", "2026-01-01T12:00:00+23:59", "2026-01-01T12:00:00+01:00", "2026-01-01T12:00:00Z"),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
    ],
)
def test_a_time_that_no_page_ended_with(at: str) -> None:
    with pytest.raises(Problem) as refused:
        listing(at)
    assert [fault.field for fault in refused.value.errors] == ["cursor"]
