"""What follows an attempt: done, once more, or given up."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final, NamedTuple

from alerting.sender.delivery import DeliveryError, Status

JITTER: Final = 0.2
# However long a receiver asks to be left alone.
MOST_RETRY_AFTER: Final = 3_600.0


class Verdict(NamedTuple):
    """A delivery's next status, and the seconds until its next attempt when it stays pending."""

    status: Status
    delay: float = 0.0


def judge(attempt: int, error: DeliveryError | None, delays: Sequence[float], random: Callable[[], float]) -> Verdict:
    """Decide what follows the attempt of this number; `random` gives 0 to 1 and spreads what failed together."""
    if error is None:
        return Verdict("DELIVERED")
    if error.permanent or attempt > len(delays):
        return Verdict("FAILED")
    delay = delays[attempt - 1] * (1 - JITTER + 2 * JITTER * random())
    return Verdict("PENDING", max(delay, min(error.retry_after, MOST_RETRY_AFTER)))


def http_error(status: int, response: str, retry_after: str | None) -> DeliveryError | None:
    """Return what an HTTP answer says went wrong; None when nothing did."""
    if 200 <= status < 300:
        return None
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "a status without a name"
    note = ", and redirects are not followed" if 300 <= status < 400 else ""
    wait = float(retry_after) if retry_after is not None and retry_after.isascii() and retry_after.isdigit() else 0.0
    return DeliveryError(
        f"the receiver answered {status} {phrase}{note}",
        permanent=status == HTTPStatus.GONE,
        status=status,
        response=response,
        retry_after=wait,
    )
