"""The loop of every consumer: take a batch, make its effect durable, commit."""

import threading
from collections.abc import Sequence
from typing import Protocol

import structlog

from alerting.runtime.backoff import delays
from alerting.runtime.broker import BatchConsumer, Message
from alerting.runtime.clock import Clock
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import BATCH_SECONDS, CONSUMED, STAGE_SECONDS, UNAVAILABLE, Telemetry

_log = structlog.get_logger(__name__)

_IDLE_SECONDS = 0.2


class Handler(Protocol):
    """What a service does with its messages."""

    def handle(self, messages: Sequence[Message]) -> None:
        """Make the effect of every message durable and acknowledged; it may happen again with the same messages.

        Raises
        ------
        Unavailable
            A dependency does not answer: the same messages come again after a pause.
        """


class BatchLoop:
    """Commits a batch only after its handler returned. An error other than `Unavailable` ends it, uncommitted."""

    def __init__(
        self,
        consumer: BatchConsumer,
        handler: Handler,
        telemetry: Telemetry,
        clock: Clock,
        *,
        topic: str,
        batch_size: int,
    ) -> None:
        self._consumer = consumer
        self._handler = handler
        self._telemetry = telemetry
        self._clock = clock
        self._batch_size = batch_size
        # Now, so that they are there before the first message: what only appears with it has not increased.
        self._consumed = CONSUMED.labels(topic)
        self._batch_seconds = BATCH_SECONDS.labels(topic)
        self._stage_seconds = STAGE_SECONDS.labels(topic)

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; the batch in hand is finished first."""
        pauses = delays()
        while not stop.is_set():
            try:
                self.step()
                pauses = delays()
            except Unavailable as error:
                pause = next(pauses)
                UNAVAILABLE.labels(error.dependency).inc()
                self._telemetry.count("errors")
                _log.warning("waiting", dependency=error.dependency, error=str(error), retry_in=round(pause, 2))
                stop.wait(pause)

    def step(self) -> int:
        """Handle one batch, if there is one; return its size."""
        messages = self._consumer.consume(self._batch_size, _IDLE_SECONDS)
        if not messages:
            return 0
        started = self._clock.monotonic()
        try:
            self._handler.handle(messages)
        except Unavailable:
            self._consumer.rewind(messages)
            raise
        self._consumer.commit(messages)
        self._measure(messages, self._clock.monotonic() - started)
        return len(messages)

    def _measure(self, messages: Sequence[Message], seconds: float) -> None:
        # The first message waited longest, so one sample a batch does not flatter.
        latency = max(0.0, self._clock.now() - messages[0].timestamp()[1] / 1_000)
        self._consumed.inc(len(messages))
        self._batch_seconds.observe(seconds)
        self._stage_seconds.observe(latency)
        self._telemetry.count("consumed", len(messages))
        self._telemetry.observe(latency)
