"""The hours that figures are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

MOST_HOURS: Final = 168

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Whole hours, of which the last is the present one."""

    since: datetime
    hours: Sequence[datetime]

    @property
    def first_id(self) -> UUID:
        """Return an id that is below those of everything that was made since.

        Ids are UUIDs of version 7, whose first 48 bits are milliseconds: the primary key is an index of time, too. The
        hour before allows for clocks that differ.
        """
        milliseconds = int((self.since - _HOUR).timestamp() * 1_000)
        return UUID(int=milliseconds << 80)


def last_hours(number: int, now: float) -> Window:
    """Return the last hours, the present one counted."""
    present = datetime.fromtimestamp(now, UTC).replace(minute=0, second=0, microsecond=0)
    hours = [present - _HOUR * ago for ago in reversed(range(number))]
    return Window(hours[0], hours)
