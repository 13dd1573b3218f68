"""Runs a service that consumes a topic: its health server, its heartbeat and its loop, from start to drain."""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import structlog

from alerting.runtime import logs
from alerting.runtime.batch_loop import BatchLoop, Handler
from alerting.runtime.broker import Producer
from alerting.runtime.broker.kafka import KafkaConsumer, KafkaProducer
from alerting.runtime.clock import Clock, SystemClock
from alerting.runtime.collector import calm_collector
from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable
from alerting.runtime.health import Check, health_app
from alerting.runtime.heartbeat import Heartbeat
from alerting.runtime.http_server import serving_in_thread
from alerting.runtime.lifecycle import stop_on_signals
from alerting.runtime.telemetry import Telemetry, show_process
from alerting.runtime.topics import GROUPS
from alerting.runtime.tracing import tracing

if TYPE_CHECKING:
    from alerting.runtime.tracing.spans import Tracing

_log = structlog.get_logger(__name__)


class Worker:
    """The parts that every consuming service is given."""

    def __init__(self, settings: Settings, service: str, topic: str, tracing: "Tracing | None" = None) -> None:
        self.settings = settings
        self.service = service
        self.topic = topic
        self.tracing = tracing
        self.clock: Clock = SystemClock()
        self.telemetry = Telemetry(self.clock)
        self.producer: Producer = KafkaProducer(settings)
        self._consumer: KafkaConsumer | None = None

    def run(
        self,
        handler: Handler,
        checks: Mapping[str, Check],
        stop: threading.Event,
        *,
        before: Callable[[], object] | None = None,
    ) -> None:
        """Consume until told to stop; `before` waits for what the first message needs, and ends when told to stop."""
        heartbeat = Heartbeat(self.settings, self.service, self.telemetry, self.clock)
        with serving_in_thread(health_app({**checks, "group": self._check_joined}), self.settings):
            heartbeat.start()
            try:
                if before is not None:
                    before()
                if not stop.is_set():
                    self._consume(handler, stop)
            finally:
                self.producer.close()
                heartbeat.close()
        _log.info("stopped")

    async def _check_joined(self) -> None:
        if self._consumer is None or not self._consumer.joined.is_set():
            raise Unavailable("kafka", "the group has not let this consumer in yet")

    def _consume(self, handler: Handler, stop: threading.Event) -> None:
        calm_collector()
        consumer = self._consumer = KafkaConsumer(self.settings, self.topic, GROUPS[self.topic])
        try:
            BatchLoop(
                consumer,
                handler,
                self.telemetry,
                self.clock,
                topic=self.topic,
                batch_size=self.settings.batch_size,
            ).run(stop)
        finally:
            consumer.close()


def run_worker(settings: Settings, service: str, topic: str, body: Callable[[Worker, threading.Event], None]) -> None:
    """Set up logs and signals, make the worker, and hand it to the service."""
    logs.configure(settings, service)
    show_process(service)
    with stop_on_signals() as stop, tracing(settings, service) as spans:
        body(Worker(settings, service, topic, spans), stop)
