"""Where the routes hand in alerts: found their episode, written to the broker, counted."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

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

_log = structlog.get_logger(__name__)

_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class Intake:
    """Takes alerts that are right. What it returns from, the broker has."""

    def __init__(
        self,
        producer: AsyncProducer,
        episodes: Episodes,
        activity: Activity,
        telemetry: Telemetry,
        clock: Clock,
    ) -> None:
        self._producer = producer
        self._episodes = episodes
        self._activity = activity
        self._telemetry = telemetry
        self._clock = clock
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
        headers = _headers(request_headers)
        try:
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


def _headers(request_headers: Mapping[str, str]) -> Headers:
    trace = request_headers.get("traceparent")
    if trace is None or not _TRACEPARENT.fullmatch(trace):
        return HEADERS
    return [*HEADERS, ("traceparent", trace.encode())]


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
