"""The attempts: started as the lanes allow, each bounded in time, each with a result."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from alerting.runtime.clock import Clock
from alerting.runtime.telemetry import DELIVERIES, DELIVERY_SECONDS, Telemetry
from alerting.sender.channels import Channel
from alerting.sender.delivery import Delivery, DeliveryError, Leased, Receipt, Result, recordable
from alerting.sender.lanes import Lanes
from alerting.sender.recorder import Recorder
from alerting.sender.settings import LEASE_MARGIN, SenderSettings
from alerting.sender.verdict import judge

_log = structlog.get_logger(__name__)

# A channel ends its attempt itself; this is for one that does not.
_GRACE: Final = 1.5


class Attempts:
    """Attempts what it is offered. For one event loop."""

    def __init__(
        self,
        settings: SenderSettings,
        channels: Mapping[str, Channel],
        lanes: Lanes,
        recorder: Recorder,
        telemetry: Telemetry,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._channels = channels
        self._lanes = lanes
        self._recorder = recorder
        self._telemetry = telemetry
        self._clock = clock
        self._running: dict[asyncio.Task[None], Leased] = {}
        self._draining = False

    def offer(self, deliveries: Sequence[Delivery], until: float) -> list[Delivery]:
        """Take deliveries that are leased until then; return those that there is no room for."""
        left = [each for each in deliveries if not self._lanes.offer(self._host(each), Leased(each, until))]
        self._start()
        return left

    async def drain(self, timeout: float) -> list[Delivery]:
        """Start no more, give those in flight so many seconds; return what has no result and is still leased."""
        self._draining = True
        left = self._lanes.drain()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=timeout)
            left += [self._running[task] for task in late]
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        return [each.delivery for each in left if each.until > self._clock.monotonic() + LEASE_MARGIN]

    def _host(self, delivery: Delivery) -> str:
        channel = self._channels.get(delivery.type)
        return channel.host(delivery.value) if channel else delivery.type

    def _start(self) -> None:
        while not self._draining and (taken := self._lanes.take()) is not None:
            host, leased = taken
            task = asyncio.create_task(self._attempt(host, leased))
            self._running[task] = leased
            task.add_done_callback(self._running.pop)

    async def _attempt(self, host: str, leased: Leased) -> None:
        try:
            if leased.until < self._clock.monotonic() + self._settings.attempt_timeout + _GRACE:
                # It waited too long: another sender could take it before this attempt had ended.
                self._lanes.forget(1)
                return
            self._recorder.add(await self._result(leased.delivery))
        finally:
            self._lanes.finish(host)
            self._start()

    async def _result(self, delivery: Delivery) -> Result:
        started_at, begun = self._clock.now(), self._clock.monotonic()
        answer = await self._answer(delivery)
        seconds = self._clock.monotonic() - begun
        error = answer if isinstance(answer, DeliveryError) else None
        verdict = judge(delivery.attempt, error, self._settings.retry_delays, random.random)
        DELIVERIES.labels(delivery.type, _OUTCOMES[verdict.status]).inc()
        DELIVERY_SECONDS.labels(delivery.type).observe(seconds)
        self._telemetry.count("errors" if error else "produced")
        return Result(
            delivery,
            verdict.status,
            verdict.delay,
            started_at,
            seconds,
            answer.status,
            recordable(str(error)) if error else None,
            answer.response,
        )

    async def _answer(self, delivery: Delivery) -> Receipt | DeliveryError:
        channel = self._channels.get(delivery.type)
        if channel is None:
            return DeliveryError(f"there is no channel {delivery.type}", permanent=True)
        try:
            async with asyncio.timeout(self._settings.attempt_timeout + _GRACE):
                return await channel.send(delivery)
        except DeliveryError as error:
            return error
        except TimeoutError:
            return DeliveryError("no answer in time")
        except Exception:  # one delivery's fault is not the others'  # noqa: BLE001
            _log.exception("attempt failed", delivery_id=delivery.id, type=delivery.type)
            return DeliveryError("the attempt failed within the sender; its log says why")


_OUTCOMES: Final = {"DELIVERED": "delivered", "PENDING": "retried", "FAILED": "failed"}
