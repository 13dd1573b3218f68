"""What an HTTP answer says of a delivery: by its status and two headers, never by its text."""

import math
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from alerting.sender.delivery import DeliveryError

MOST_RETRY_AFTER: Final = 86_400.0
"""However long a receiver asks to be left alone."""

# What may be otherwise in a moment; any other 4xx, and any redirect, is for its owner to mend.
_PASSING: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


def http_error(status: int, response: str, headers: Mapping[str, str], now: float) -> DeliveryError | None:
    """Return what went wrong, or None when nothing did; `headers` are by lower-case names, `now` is Unix seconds."""
    if 200 <= status < 300:
        return None
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "a status without a name"
    note = ", and redirects are not followed" if 300 <= status < 400 else ""
    return DeliveryError(
        f"the receiver answered {status} {phrase}{note}",
        gone=status == HTTPStatus.GONE,
        throttled=status == HTTPStatus.TOO_MANY_REQUESTS,
        configuration=not 500 <= status < 600 and status not in _PASSING,
        status=status,
        response=response,
        retry_after=retry_after(headers.get("retry-after"), headers.get("date"), now),
    )


def retry_after(value: str | None, date: str | None, now: float) -> float:
    """Return the seconds that a `Retry-After` asks for: a number, or a date as the receiver's own clock has it.

    What is neither asks for nothing.
    """
    if value is None:
        return 0.0
    text = value.strip()
    if text.isascii() and text.isdigit():
        # So many digits are a number of any size.
        return float(min(int(text[:10]), MOST_RETRY_AFTER))
    at = _timestamp(text)
    if at is None:
        return 0.0
    theirs = _timestamp(date) if date is not None else None
    return min(max(at - (now if theirs is None else theirs), 0.0), MOST_RETRY_AFTER)


def _timestamp(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
    return seconds if math.isfinite(seconds) else None
