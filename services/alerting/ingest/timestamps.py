"""Times as senders write them: RFC 3339 with any number of decimals, or Unix seconds."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from alerting.ingest.alert import LATEST_TS, kind
from alerting.ingest.faults import Rejected

# PagerDuty's own examples have an offset without a colon.
_RFC_3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,18})?([Zz]|[+-][0-9]{2}:?[0-9]{2})"
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MOST_CHARACTERS: Final = 64

MICROSECONDS: Final = 1_000_000


def microseconds(value: object, field: str) -> int | None:
    """Return an RFC 3339 time in Unix microseconds; None when it is absent.

    Go writes its zero time, the first of January of the year 1, for a time that is absent.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Rejected(field, f"must be a time such as 2026-01-31T12:00:00Z, and is {kind(value)}")
    if len(value) > _MOST_CHARACTERS or not _RFC_3339.fullmatch(value):
        raise Rejected(field, "must be a time such as 2026-01-31T12:00:00Z")
    try:
        at = datetime.fromisoformat(value.upper())
        found = (at - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        raise Rejected(field, "is no time that exists") from None
    if at.year == 1:
        return None
    if not 0 <= found <= LATEST_TS * MICROSECONDS:
        raise Rejected(field, "must lie between the years 1970 and 9999")
    return found


def seconds(value: object, field: str) -> int | None:
    """Return a time, RFC 3339 or Unix seconds, in Unix seconds; None when it is absent."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value <= LATEST_TS:
            raise Rejected(field, "must lie between the years 1970 and 9999")
        return int(value)
    if value is not None and not isinstance(value, str):
        raise Rejected(field, f"must be Unix seconds or a time such as 2026-01-31T12:00:00Z, and is {kind(value)}")
    found = microseconds(value, field)
    return None if found is None else found // MICROSECONDS


def rfc_3339(at: int) -> str:
    """Write Unix microseconds with milliseconds, as Alertmanager does."""
    return (_EPOCH + timedelta(microseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
