"""What follows an attempt: done, once more, or given up."""

from collections.abc import Callable
from typing import Final, NamedTuple

from alerting.sender.delivery import Delivery, DeliveryError, Status

JITTER: Final = 0.2


class Verdict(NamedTuple):
    """A delivery's next status, and what goes with it."""

    status: Status
    delay: float = 0.0
    """Seconds until the next attempt, when it stays pending."""
    configuration: bool = False
    """Whether the receiver is to be marked as set up wrongly."""


def judge(
    delivery: Delivery, error: DeliveryError | None, *, throttled_delay: float, random: Callable[[], float]
) -> Verdict:
    """Decide what follows the attempt at a delivery; `random` gives 0 to 1 and spreads what failed together."""
    if error is None:
        return Verdict("DELIVERED")
    # Once may be an accident, such as a deployment of theirs.
    configuration = error.configuration and delivery.tried > 0
    if error.permanent or delivery.tried >= len(delivery.delays):
        return Verdict("FAILED", configuration=configuration)
    delay = delivery.delays[delivery.tried] * (1 - JITTER + 2 * JITTER * random())
    if error.throttled:
        delay = max(delay, throttled_delay)
    return Verdict("PENDING", max(delay, error.retry_after), configuration)
