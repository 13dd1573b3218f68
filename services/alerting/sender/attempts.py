"""The attempts: started as the lanes and the gate allow, each bounded in time, each with a result."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import structlog

from alerting.runtime.clock import Clock
from alerting.runtime.ids import made_at
from alerting.runtime.telemetry import (
    DELIVERED_SECONDS,
    DELIVERIES,
    DELIVERIES_ENDED,
    DELIVERIES_PUT_OFF,
    DELIVERY_SECONDS,
    FIRST_ATTEMPT_SECONDS,
    Telemetry,
)
from alerting.sender.attempt_span import attempting
from alerting.sender.channels import Channel
from alerting.sender.delivery import Attempted, Delivery, DeliveryError, Leased, Receipt, Result, recordable
from alerting.sender.gate import Gate
from alerting.sender.lanes import Lane, Lanes
from alerting.sender.lease import LeaseOver, lease_end
from alerting.sender.recorder import Recorder
from alerting.sender.settings import LEASE_MARGIN, SenderSettings
from alerting.sender.verdict import judge

if TYPE_CHECKING:
    from alerting.runtime.tracing.spans import Tracing

_log = structlog.get_logger(__name__)

# A channel ends its attempt itself; this is for one that does not.
_GRACE: Final = 1.5
# What finds its lane full comes back after this time, behind what is due by then.
_BUSY_SECONDS: Final = 1.0


class Attempts:
    """Attempts what it is offered. For one event loop."""

    def __init__(
        self,
        settings: SenderSettings,
        channels: Mapping[str, Channel],
        lanes: Lanes,
        gate: Gate,
        recorder: Recorder,
        telemetry: Telemetry,
        clock: Clock,
        *,
        tracing: "Tracing | None" = None,
    ) -> None:
        self._settings = settings
        self._channels = channels
        self._lanes = lanes
        self._gate = gate
        self._recorder = recorder
        self._telemetry = telemetry
        self._clock = clock
        self._tracing = tracing
        self._running: dict[asyncio.Task[None], Leased] = {}
        self._draining = False

    def offer(self, deliveries: Sequence[Delivery], until: float) -> None:
        """Take deliveries that are leased until then; put off those that cannot be attempted soon."""
        for delivery in deliveries:
            if not self._lanes.hold(delivery.id):
                continue
            address = delivery.address
            if wait := self._gate.wait(address):
                self._put_off(delivery, self._gate.put_off(address, wait), "receiver")
            elif not self._lanes.offer(self._host(delivery), Leased(delivery, until)):
                self._put_off(delivery, self._gate.put_off(address, _BUSY_SECONDS), "busy")
        self._start()

    def end(self, results: Sequence[Result]) -> None:
        """Take results of deliveries that are leased and end without another attempt."""
        for result in results:
            if self._lanes.hold(result.delivery.id):
                DELIVERIES_ENDED.labels(result.status).inc()
                self._recorder.add(result)

    async def drain(self, timeout: float) -> None:
        """Start no more, give those in flight so many seconds; what has no result by then is anybody's."""
        self._draining = True
        left = self._lanes.drain()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=timeout)
            # Whether the receiver has it is unknown; their leases are left to end.
            self._lanes.forget(self._running[task].delivery.id for task in late)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for each in left:
            self._recorder.add(Result(each.delivery, "PENDING"))

    def _host(self, delivery: Delivery) -> str:
        channel = self._channels.get(delivery.type)
        return channel.host(delivery.value) if channel else delivery.type

    def _put_off(self, delivery: Delivery, delay: float, cause: str) -> None:
        DELIVERIES_PUT_OFF.labels(delivery.type, cause).inc()
        self._recorder.add(Result(delivery, "PENDING", delay))

    def _start(self) -> None:
        while not self._draining and (taken := self._lanes.take()) is not None:
            lane, leased = taken
            if wait := self._gate.admit(leased.delivery):
                cause = "receiver" if self._gate.wait(leased.delivery.address) else "rate"
                self._lanes.finish(lane)
                self._put_off(leased.delivery, wait, cause)
                continue
            task = asyncio.create_task(self._attempt(lane, leased))
            self._running[task] = leased
            task.add_done_callback(self._running.pop)

    async def _attempt(self, lane: Lane, leased: Leased) -> None:
        try:
            # It may have waited so long that another sender could take it before this attempt had ended.
            if leased.until > self._clock.monotonic() + self._settings.attempt_timeout + _GRACE:
                lease_end.set(leased.until - LEASE_MARGIN)
                await self._make(leased.delivery)
            else:
                self._leave(leased.delivery)
        except asyncio.CancelledError:
            self._gate.abandon(leased.delivery.address)
            raise
        finally:
            self._lanes.finish(lane)
            self._start()

    def _leave(self, delivery: Delivery) -> None:
        """Leave a delivery to whoever has it next."""
        self._gate.abandon(delivery.address)
        self._lanes.forget([delivery.id])

    async def _make(self, delivery: Delivery) -> None:
        with attempting(self._tracing, delivery, self._host) as span:
            started_at, begun = self._clock.now(), self._clock.monotonic()
            answer = await self._answer(span.delivery)
            seconds = self._clock.monotonic() - begun
            if isinstance(answer, LeaseOver):
                span.note(answer, "left")
                self._leave(delivery)
                return
            error = answer if isinstance(answer, DeliveryError) else None
            verdict = judge(delivery, error, throttled_delay=self._settings.throttled_delay, random=random.random)
            span.note(answer, _OUTCOMES[verdict.status])
        DELIVERIES.labels(delivery.type, _OUTCOMES[verdict.status]).inc()
        self._telemetry.count("produced" if error is None else "errors" if error.ours else "refused")
        self._measure(delivery, started_at, seconds, delivered=error is None)
        attempted = Attempted(
            started_at,
            seconds,
            answer.status,
            answer.response,
            ours=error is not None and error.ours,
            gone=error is not None and error.gone,
            open_for=self._judge_receiver(delivery, error),
        )
        text = recordable(str(error)) if error else None
        self._recorder.add(Result(delivery, verdict.status, verdict.delay, text, verdict.configuration, attempted))

    def _measure(self, delivery: Delivery, started_at: float, seconds: float, *, delivered: bool) -> None:
        # By two machines' clocks, which may differ a little.
        waited = max(0.0, started_at - made_at(delivery.notification_id))
        DELIVERY_SECONDS.labels(delivery.type).observe(seconds)
        if delivery.attempt == 1:
            FIRST_ATTEMPT_SECONDS.labels(delivery.type).observe(waited)
        if delivered:
            DELIVERED_SECONDS.labels(delivery.type).observe(waited + seconds)

    def _judge_receiver(self, delivery: Delivery, error: DeliveryError | None) -> float:
        if error is not None and error.ours:
            self._gate.abandon(delivery.address)
            return 0.0
        return self._gate.record(delivery.address, error)

    async def _answer(self, delivery: Delivery) -> Receipt | DeliveryError:
        channel = self._channels.get(delivery.type)
        if channel is None:
            # A newer version's, perhaps, which is among the senders while they are being replaced.
            return DeliveryError(f"this sender has no channel {delivery.type}", ours=True)
        try:
            async with asyncio.timeout(self._settings.attempt_timeout + _GRACE):
                return await channel.send(delivery)
        except DeliveryError as error:
            return error
        except TimeoutError:
            return DeliveryError("no answer in time", throttled=True)
        except Exception:  # one delivery's fault is not the others'  # noqa: BLE001
            _log.exception("attempt failed", delivery_id=delivery.id, type=delivery.type)
            return DeliveryError("the attempt failed within the sender; its log says why", ours=True)


_OUTCOMES: Final = {"DELIVERED": "delivered", "PENDING": "retried", "FAILED": "failed"}
