"""Where the routes hand in alerts: found their episode, written to the broker, counted."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from alerting.events.v1 import SCHEMA_VERSION, AlertNew
from alerting.ingest.activity import Activity
from alerting.ingest.alert import Alert
from alerting.ingest.episodes import Episodes
from alerting.ingest.faults import Reject
from alerting.ingest.fingerprint import stable_id
from alerting.ingest.signal import Signal
from alerting.ingest.timestamps import MICROSECONDS
from alerting.runtime.broker import HEADERS, AsyncProducer, Headers, Outgoing
from alerting.runtime.clock import Clock
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import ALERTS_ACCEPTED, ALERTS_RESOLVED, PRODUCED, UNAVAILABLE, Telemetry
from alerting.runtime.topics import ALERTS_NEW
from alerting.runtime.traceparent import TRACEPARENT, is_traceparent

if TYPE_CHECKING:
    from alerting.runtime.tracing.spans import Tracing

_log = structlog.get_logger(__name__)


class Intake:
    """Takes alerts that are right. What it returns from, the broker has."""

    def __init__(
        self,
        producer: AsyncProducer,
        episodes: Episodes,
        activity: Activity,
        telemetry: Telemetry,
        clock: Clock,
        tracing: "Tracing | None" = None,
    ) -> None:
        self._producer = producer
        self._episodes = episodes
        self._activity = activity
        self._telemetry = telemetry
        self._clock = clock
        self._tracing = tracing
        self.now = clock.now

    def now_microseconds(self) -> int:
        """Return the time in Unix microseconds."""
        return int(self._clock.now() * MICROSECONDS)

    async def alerts(
        self, sender_format: str, integration: str, alerts: Sequence[Alert], request_headers: Mapping[str, str]
    ) -> None:
        """Write alerts to the broker and wait for its acknowledgement.

        Raises
        ------
        Unavailable
            The broker has not acknowledged all of them. Those that it has all the same are recognised by their ids
            when the sender tries again.
        """
        if not alerts:
            return
        begun = self._clock.monotonic()
        try:
            with self._sending(alerts, request_headers) as headers:
                await self._producer.send(ALERTS_NEW, [_outgoing(alert, headers) for alert in alerts])
        except Unavailable as error:
            UNAVAILABLE.labels(error.dependency).inc()
            self._telemetry.count("errors", len(alerts))
            raise
        self._telemetry.observe(self._clock.monotonic() - begun)
        self._telemetry.count("produced", len(alerts))
        PRODUCED.labels(ALERTS_NEW).inc(len(alerts))
        ALERTS_ACCEPTED.labels(sender_format).inc(len(alerts))
        self._activity.accepted(integration, sender_format, alerts)

    @contextmanager
    def _sending(self, alerts: Sequence[Alert], request_headers: Mapping[str, str]) -> Iterator[Headers]:
        """Yield what the messages carry: the request's trace, as its sender made it or as it goes on here."""
        given = request_headers.get(TRACEPARENT)
        received = given if given is not None and is_traceparent(given) else None
        if self._tracing is None:
            yield _headers(received)
            return
        with self._tracing.sending(ALERTS_NEW, [alert.alert_id for alert in alerts], received) as traceparent:
            yield _headers(traceparent)

    async def signals(
        self, sender_format: str, integration: str, signals: Sequence[Signal], request_headers: Mapping[str, str]
    ) -> list[str]:
        """Find the episode of each signal, write the firing ones to the broker, and return the ids of those."""
        opened = await self._episodes.place(integration, signals)
        alerts = [
            Alert(
                stable_id(integration, signal.fingerprint, str(start)),
                signal.event_ts,
                signal.severity,
                signal.source,
                signal.name,
                signal.context,
            )
            for signal, start in zip(signals, opened, strict=True)
            if signal.firing
        ]
        await self.alerts(sender_format, integration, alerts, request_headers)
        if len(alerts) < len(signals):
            ALERTS_RESOLVED.labels(sender_format).inc(len(signals) - len(alerts))
        return [alert.alert_id for alert in alerts]

    def refuse(self, sender_format: str, integration: str, sender: str, rejects: Sequence[Reject]) -> None:
        """Count alerts that are wrong, log them, and keep the last ones for whoever asks."""
        self._activity.refused(integration, sender_format, sender, rejects)
        self._telemetry.count("refused", len(rejects))
        _log.warning(
            "alerts refused",
            format=sender_format,
            integration=integration,
            sender=sender,
            rejects=len(rejects),
            first=str(rejects[0]),
        )


def _headers(traceparent: str | None) -> Headers:
    return HEADERS if traceparent is None else [*HEADERS, (TRACEPARENT, traceparent.encode())]


def _outgoing(alert: Alert, headers: Headers) -> Outgoing:
    message = AlertNew(
        alert_id=alert.alert_id,
        schema_version=SCHEMA_VERSION,
        event_ts=alert.event_ts,
        severity=alert.severity,
        source=alert.source,
        name=alert.name,
        context=alert.context,
    )
    return Outgoing(alert.alert_id.encode(), message.SerializeToString(), headers)
