"""The hours that figures are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

MOST_HOURS: Final = 168

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From a time to another, which is not in it."""

    begin: datetime
    end: datetime

    @property
    def first_id(self) -> UUID:
        """Return an id that is below those of everything that was made in the span.

        Ids are UUIDs of version 7, whose first 48 bits are milliseconds: the primary key is an index of time, too. A
        minute on each side allows for clocks that differ.
        """
        return lowest_id(self.begin - timedelta(minutes=1))

    @property
    def last_id(self) -> UUID:
        """Return an id that is above those of everything that was made in the span."""
        return lowest_id(self.end + timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Window:
    """Whole hours, of which the last is the present one."""

    hours: Sequence[datetime]

    @property
    def since(self) -> datetime:
        """Return when the first hour begins."""
        return self.hours[0]

    @property
    def recent(self) -> Span:
        """Return the part in which something happens all the time: the present hour and the one before."""
        return Span(self.hours[-2:][0], self.hours[-1] + _HOUR)

    @property
    def settled(self) -> Sequence[Span]:
        """Return the hours before, in which hardly anything changes."""
        return [Span(hour, hour + _HOUR) for hour in self.hours[:-2]]


def last_hours(number: int, now: float) -> Window:
    """Return the last hours, the present one counted."""
    present = datetime.fromtimestamp(now, UTC).replace(minute=0, second=0, microsecond=0)
    return Window([present - _HOUR * ago for ago in reversed(range(number))])


def lowest_id(at: datetime) -> UUID:
    """Return an id that is not above those of what is made at that time or later."""
    return UUID(int=int(at.timestamp() * 1_000) << 80)
