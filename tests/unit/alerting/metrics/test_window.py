"""The hours that figures are about."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from alerting.metrics.window import Span, last_hours
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


def test_the_last_two_hours_are_recent_and_the_others_settled() -> None:
    window = last_hours(4, AT.timestamp())
    assert window.recent == Span(window.hours[2], window.hours[3] + timedelta(hours=1))
    assert window.settled == [Span(window.hours[0], window.hours[1]), Span(window.hours[1], window.hours[2])]


def test_one_hour_is_recent_only() -> None:
    window = last_hours(1, AT.timestamp())
    assert window.recent == Span(window.since, window.since + timedelta(hours=1))
    assert window.settled == []


def test_the_parts_are_the_whole_without_gaps() -> None:
    window = last_hours(24, AT.timestamp())
    spans = [*window.settled, window.recent]
    assert spans[0].begin == window.since
    assert all(before.end == after.begin for before, after in pairwise(spans))


def lowest_made_at(moment: datetime) -> UUID:
    return UUID(int=int(moment.timestamp() * 1_000) << 80 | 7 << 76)


def highest_made_at(moment: datetime) -> UUID:
    return UUID(int=lowest_made_at(moment).int | (1 << 76) - 1)


def test_ids_made_in_a_span_are_between_its_first_and_its_last() -> None:
    span = last_hours(1, AT.timestamp()).recent
    assert span.first_id < lowest_made_at(span.begin)
    assert highest_made_at(span.end) < span.last_id
    assert highest_made_at(span.begin - timedelta(seconds=61)) < span.first_id
    assert lowest_made_at(span.end + timedelta(seconds=61)) > span.last_id


def test_the_platforms_ids_are_of_that_kind() -> None:
    span = last_hours(1, time.time()).recent
    assert span.first_id < UUID(new_id()) < span.last_id
