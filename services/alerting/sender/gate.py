"""Whether an attempt may be made now: what is known of its receiver, and of its channel."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alerting.runtime.clock import Clock
from alerting.runtime.telemetry import OPEN_BREAKERS
from alerting.sender.breaker import Breaker
from alerting.sender.delivery import Address, Delivery, DeliveryError
from alerting.sender.rate_limit import Rate, RateLimit

MOST_RECEIVERS: Final = 100_000
"""How many receivers are remembered; of more, those are forgotten that were not heard of for longest."""

MOST_HOLD: Final = 3_600.0
"""Seconds that a receiver can ask for silence; a single delivery waits as long as it says."""

# What is put off because of one receiver comes back one by one, so that what waits for others is found among it.
_SPACING: Final = 0.002
_LOOKED_AT: Final = 4


@dataclass(slots=True)
class _Receiver:
    breaker: Breaker
    rate: RateLimit | None
    held_until: float = 0.0
    queue_end: float = 0.0


class Gate:
    """Remembers receivers, and says how long a delivery has to wait. For one event loop."""

    def __init__(
        self,
        clock: Clock,
        *,
        first_open: float,
        most_open: float,
        channel_rates: Mapping[str, Rate],
        receiver_rates: Mapping[str, Rate],
    ) -> None:
        self._clock = clock
        self._open_seconds = (first_open, most_open)
        self._channels = {name: RateLimit(rate, clock.monotonic()) for name, rate in channel_rates.items()}
        self._receiver_rates = receiver_rates
        self._receivers: OrderedDict[Address, _Receiver] = OrderedDict()

    def __len__(self) -> int:
        """Return how many receivers are remembered."""
        return len(self._receivers)

    def wait(self, address: Address) -> float:
        """Return the seconds that deliveries to a receiver have to wait, which may be 0."""
        receiver = self._receivers.get(address)
        if receiver is None:
            return 0.0
        now = self._clock.monotonic()
        return max(receiver.breaker.wait(now), receiver.held_until - now, 0.0)

    def put_off(self, address: Address, wait: float) -> float:
        """Return the seconds after which to come again, for one of many that have to wait."""
        receiver, now = self._receiver(address), self._clock.monotonic()
        receiver.queue_end = max(receiver.queue_end + _SPACING, now + wait)
        return receiver.queue_end - now

    def admit(self, delivery: Delivery) -> float:
        """Return 0 for an attempt that is made now and whose end is told; otherwise the seconds until to ask again."""
        address, now = delivery.address, self._clock.monotonic()
        receiver = self._receiver(address)
        wait = self.wait(address)
        if wait:
            return self.put_off(address, wait)
        if receiver.rate is not None and (wait := receiver.rate.admit(now, waited=delivery.waited)):
            return wait
        channel = self._channels.get(delivery.type)
        if channel is not None and (wait := channel.admit(now, waited=delivery.waited)):
            if receiver.rate is not None:
                receiver.rate.give_back()
            return wait
        receiver.breaker.admit(now)
        return 0.0

    def abandon(self, address: Address) -> None:
        """Note that an attempt that was admitted was not made, or says nothing about its receiver."""
        self._receiver(address).breaker.abandon()

    def record(self, address: Address, error: DeliveryError | None) -> float:
        """Note how an attempt ended; return the seconds for which it opened the receiver's breaker, if it did."""
        receiver, now = self._receiver(address), self._clock.monotonic()
        was_closed = receiver.breaker.closed
        opened = receiver.breaker.record(now, failed=error is not None)
        if error is not None and error.retry_after:
            receiver.held_until = now + min(error.retry_after, MOST_HOLD)
        OPEN_BREAKERS.inc(was_closed - receiver.breaker.closed)
        return opened

    def _receiver(self, address: Address) -> _Receiver:
        receiver = self._receivers.get(address)
        if receiver is None:
            now = self._clock.monotonic()
            rate = self._receiver_rates.get(address.type)
            receiver = _Receiver(Breaker(*self._open_seconds), RateLimit(rate, now) if rate else None)
            self._receivers[address] = receiver
            self._forget(now)
        self._receivers.move_to_end(address)
        return receiver

    def _forget(self, now: float) -> None:
        for _ in range(_LOOKED_AT):
            address, oldest = next(iter(self._receivers.items()))
            idle = oldest.breaker.is_idle(now) and (oldest.rate is None or oldest.rate.is_idle(now))
            if (
                not (idle and max(oldest.held_until, oldest.queue_end) <= now)
                and len(self._receivers) <= MOST_RECEIVERS
            ):
                return
            if len(self._receivers) == 1:
                return
            OPEN_BREAKERS.dec(not oldest.breaker.closed)
            del self._receivers[address]
