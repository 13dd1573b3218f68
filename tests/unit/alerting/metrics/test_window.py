"""The hours that figures are about."""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from alerting.metrics.window import last_hours
from alerting.runtime.ids import new_id

AT = datetime(2026, 11, 23, 14, 25, 36, tzinfo=UTC)


def test_hours_are_whole_and_the_last_is_the_present_one() -> None:
    window = last_hours(3, AT.timestamp())
    assert [hour.hour for hour in window.hours] == [12, 13, 14]
    assert window.since == datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_one_hour_is_the_present_one() -> None:
    assert last_hours(1, AT.timestamp()).hours == [datetime(2026, 11, 23, 14, tzinfo=UTC)]


def test_a_day_that_begins_yesterday() -> None:
    assert last_hours(24, AT.timestamp()).since == datetime(2026, 11, 22, 15, tzinfo=UTC)


def test_ids_made_since_are_not_below_the_first_and_old_ones_are() -> None:
    window = last_hours(3, AT.timestamp())

    def lowest_made_at(moment: datetime) -> UUID:
        return UUID(int=int(moment.timestamp() * 1_000) << 80 | 7 << 76)

    assert lowest_made_at(window.since - timedelta(minutes=59)) > window.first_id
    assert lowest_made_at(window.since - timedelta(minutes=61)) < window.first_id


def test_the_platforms_ids_are_of_that_kind() -> None:
    assert last_hours(1, time.time()).first_id < UUID(new_id()) < last_hours(1, time.time() + 7_201).first_id
