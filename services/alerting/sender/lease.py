"""The end of a lease, as the code that is about to send sees it.

A process may be stopped between its decision to send and the sending, and may wake when another has sent long ago. So
the last thing before the bytes go out is a look at the clock.
"""

import time
from contextvars import ContextVar

from alerting.sender.delivery import DeliveryError

lease_end: ContextVar[float | None] = ContextVar("lease_end", default=None)
"""Monotonic seconds; None where there is no lease."""


class LeaseOver(DeliveryError):
    """Nothing was sent: the delivery may be another sender's by now."""

    def __init__(self) -> None:
        super().__init__("the lease was over before anything was sent", ours=True)


def check_lease() -> None:
    """Return when there is time left.

    Raises
    ------
    LeaseOver
        There is none.
    """
    end = lease_end.get()
    if end is not None and time.monotonic() >= end:
        raise LeaseOver
