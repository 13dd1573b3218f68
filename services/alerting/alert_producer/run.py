"""Sends alerts at a pace, and counts what the broker has acknowledged."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from alerting.alert_producer.generator import AlertGenerator
from alerting.alert_producer.pace import Pace
from alerting.alert_producer.single import SingleAlert
from alerting.runtime.broker import Producer
from alerting.runtime.clock import Clock
from alerting.runtime.telemetry import PRODUCED, Telemetry
from alerting.runtime.topics import ALERTS_NEW

_TICK: Final = 0.05


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a run has come."""

    sent: int = 0
    acknowledged: int = 0
    duplicates: int = 0
    """How many of the sent ones were sent before."""
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Return the acknowledged alerts a second, on average."""
        return round(self.acknowledged / self.seconds, 1) if self.seconds else 0.0


class Run:
    """One load, from its first alert to its last."""

    def __init__(
        self, pace: Pace, alerts: AlertGenerator, producer: Producer, telemetry: Telemetry, clock: Clock
    ) -> None:
        self._pace = pace
        self._alerts = alerts
        self._producer = producer
        self._telemetry = telemetry
        self._clock = clock
        self.counts = Counts()

    def run(self, stop: threading.Event, progress: Callable[[Counts], None] = lambda _counts: None) -> Counts:
        """Send until it is over or told to stop; all that was sent is acknowledged then.

        Raises
        ------
        Unavailable
            The broker does not acknowledge; `counts` says how far it came.
        """
        started = self._clock.monotonic()
        while not stop.is_set():
            tick = self._clock.monotonic()
            # One time decides both, so that what was due when the time was up is sent.
            elapsed = tick - started
            self._send(self._pace.due(elapsed, self.counts.sent), started)
            progress(self.counts)
            if self._pace.over(elapsed, self.counts.sent):
                break
            if self._pace.rps is not None:
                stop.wait(max(0.0, tick + _TICK - self._clock.monotonic()))
        return self.counts

    def _send(self, number: int, started: float) -> None:
        before = self.counts
        for key, value in islice(self._alerts, number):
            self._producer.send(ALERTS_NEW, key, value)
        self.counts = self._now(started, before.sent + number, before.acknowledged)
        if not number:
            return
        self._producer.flush()
        self.counts = self._now(started, before.sent + number, before.sent + number)
        _count(self._telemetry, number)

    def _now(self, started: float, sent: int, acknowledged: int) -> Counts:
        return Counts(sent, acknowledged, self._alerts.duplicates, self._clock.monotonic() - started)


def send_single(alert: SingleAlert, producer: Producer, telemetry: Telemetry, clock: Clock) -> Counts:
    """Send one alert, and wait until the broker has it.

    Raises
    ------
    Unavailable
        The broker does not acknowledge.
    """
    started = clock.monotonic()
    producer.send(ALERTS_NEW, *alert.encode(int(clock.now())))
    producer.flush()
    _count(telemetry, 1)
    return Counts(sent=1, acknowledged=1, seconds=clock.monotonic() - started)


def _count(telemetry: Telemetry, number: int) -> None:
    telemetry.count("produced", number)
    PRODUCED.labels(ALERTS_NEW).inc(number)
