"""PagerDuty's Events API, version 2."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

import orjson

from alerting.ingest.alert import MOST_CHARACTERS, kind, text
from alerting.ingest.context import fitted
from alerting.ingest.documents import decode_object
from alerting.ingest.faults import Rejected
from alerting.ingest.fingerprint import stable_id
from alerting.ingest.formats.flatten import flattened
from alerting.ingest.integration import Integration
from alerting.ingest.signal import WEBHOOK_HOLD, Signal
from alerting.ingest.timestamps import MICROSECONDS, microseconds

Action = Literal["trigger", "acknowledge", "resolve"]

_ACTIONS: Final[Mapping[str, Action]] = {
    "trigger": "trigger",
    "acknowledge": "acknowledge",
    "resolve": "resolve",
}
_SEVERITIES: Final = ("critical", "error", "warning", "info")
_MOST_SUMMARY: Final = 1_024


class Event(NamedTuple):
    """What an event asks for, and under which key."""

    action: Action
    dedup_key: str


def routing_key(body: bytes) -> str | None:
    """Return the key that a body brings along, or None when it brings none."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    key = document.get("routing_key") if isinstance(document, dict) else None
    return key if isinstance(key, str) else None


def parse(body: bytes, integration: Integration, now: int, new_key: str) -> tuple[Event, Signal | None]:
    """Read an event; `now` in Unix microseconds. A trigger without a key gets the new one.

    An acknowledgement has no signal: nothing begins with it, and nothing ends.
    """
    document = decode_object(body)
    action = document.get("event_action")
    known = _ACTIONS.get(action) if isinstance(action, str) else None
    if known is None:
        raise Rejected("event_action", f"must be one of {', '.join(_ACTIONS)}")
    given = document.get("dedup_key")
    if known == "trigger":
        event = Event(known, text(given, "dedup_key") if given else new_key)
        return event, _trigger(document, event, integration, now)
    event = Event(known, text(given, "dedup_key"))
    return event, _resolved(event, integration, now) if known == "resolve" else None


def _fingerprint(event: Event) -> str:
    return stable_id("pagerduty", event.dedup_key)


def _trigger(document: Mapping[str, object], event: Event, integration: Integration, now: int) -> Signal:
    payload = document.get("payload")
    if not isinstance(payload, dict):
        raise Rejected("payload", "is required" if payload is None else f"must be an object, and is {kind(payload)}")
    severity = payload.get("severity")
    if severity not in _SEVERITIES:
        raise Rejected("payload.severity", f"must be one of {', '.join(_SEVERITIES)}")
    at = microseconds(payload.get("timestamp"), "payload.timestamp")
    source = text(payload.get("source"), "payload.source")
    name = _name(payload)
    labels = {"alertname": name, "source": source, "severity": severity}
    return Signal(
        _fingerprint(event),
        True,
        # A trigger after the end is a new alert, whatever time it names.
        now,
        now + WEBHOOK_HOLD,
        (now if at is None else at) // MICROSECONDS,
        integration.severity(severity) or integration.default_severity,
        source,
        name,
        fitted(_context(document, payload, name) | {"dedup_key": event.dedup_key}),
        orjson.dumps({"labels": labels, "annotations": {"summary": payload["summary"]}, "generatorURL": ""}),
    )


def _resolved(event: Event, integration: Integration, now: int) -> Signal:
    severity, source = integration.default_severity, integration.default_source
    at = now // MICROSECONDS
    return Signal(_fingerprint(event), False, now, now, at, severity, source, event.dedup_key, {}, b"{}")


def _name(payload: Mapping[str, object]) -> str:
    """Return the event's class, which is the same every time; of an event without one, its summary."""
    summary = payload.get("summary")
    if not isinstance(summary, str) or not summary:
        raise Rejected("payload.summary", "is required" if not summary else f"must be a string, and is {kind(summary)}")
    if len(summary) > _MOST_SUMMARY:
        raise Rejected("payload.summary", f"must have at most {_MOST_SUMMARY} characters, and has {len(summary)}")
    if payload.get("class"):
        return text(payload["class"], "payload.class")
    return text(summary[:MOST_CHARACTERS], "payload.summary")


def _context(document: Mapping[str, object], payload: Mapping[str, object], name: str) -> dict[str, str]:
    about = {field: payload.get(field) for field in ("summary", "component", "group")}
    if about["summary"] == name:
        del about["summary"]
    about |= {field: document.get(field) for field in ("client", "client_url", "links", "images")}
    details = payload.get("custom_details")
    more = details if isinstance(details, dict) else {"custom_details": details}
    prefix = "custom_details." if isinstance(details, dict) else ""
    return flattened(about) | flattened(more, prefix)
