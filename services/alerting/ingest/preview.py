"""What ingest would make of something that somebody pasted."""

from typing import Literal, NamedTuple

import orjson

from alerting.events.v1 import Severity
from alerting.ingest.documents import decode
from alerting.ingest.faults import Reject, Rejected, Unreadable
from alerting.ingest.formats import alertmanager, native, webhook
from alerting.ingest.formats.labelled import Parsed
from alerting.ingest.integration import Integration
from alerting.ingest.timestamps import MICROSECONDS

Pasted = Literal["prometheus", "native"]


class PreviewedAlert(NamedTuple):
    """An alert as the platform would have it."""

    severity: str
    source: str
    name: str
    context: dict[str, str]
    firing: bool


class Previewed(NamedTuple):
    """What would be accepted, and what refused."""

    alerts: list[PreviewedAlert]
    rejects: list[Reject]


def preview(pasted_format: Pasted, pasted: object, integration: Integration, now: int) -> Previewed:
    """Read what was pasted, JSON or the text of it, as ingest would; `now` in Unix microseconds."""
    try:
        body = _bytes(pasted)
        return _native(body, now) if pasted_format == "native" else _prometheus(body, integration, now)
    except Unreadable as error:
        return Previewed([], [Reject(error.item, error.field, error.detail)])
    except Rejected as error:
        return Previewed([], [Reject.of(None, error)])


def _bytes(pasted: object) -> bytes:
    if isinstance(pasted, str):
        return pasted.encode()
    try:
        return orjson.dumps(pasted)
    except orjson.JSONEncodeError:
        # It reads deeper nesting than it writes.
        raise Unreadable("is nested too deep") from None


def _native(body: bytes, now: int) -> Previewed:
    parsed = native.parse(body, lines=_are_lines(body), now=now // MICROSECONDS)
    alerts = [
        PreviewedAlert(Severity.Name(alert.severity), alert.source, alert.name, dict(alert.context), firing=True)
        for alert in parsed.alerts
    ]
    return Previewed(alerts, parsed.rejects)


def _are_lines(body: bytes) -> bool:
    """Tell whether it is one JSON document on each of several lines, and not one on several."""
    first, _, rest = body.strip().partition(b"\n")
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:
        return False
    return bool(rest)


def _prometheus(body: bytes, integration: Integration, now: int) -> Previewed:
    parsed = _labelled(body, integration, now)
    alerts = [
        PreviewedAlert(Severity.Name(each.severity), each.source, each.name, each.context, each.firing)
        for each in parsed.signals
    ]
    return Previewed(alerts, parsed.rejects)


def _labelled(body: bytes, integration: Integration, now: int) -> Parsed:
    """Read what Alertmanager's API takes, a webhook, one alert, or nothing but its labels, by what it looks like."""
    match decode(body):
        case {"alerts": _, "version": "4"}:
            return webhook.parse_alertmanager(body, integration, now)
        case {"alerts": _}:
            return webhook.parse_grafana(body, integration, now)
        case {"labels": _} as alert:
            return _one(alert, integration, now)
        case dict() as labels if integration.settings.name_label in labels:
            return _one({"labels": labels}, integration, now)
        case dict() as other:
            raise Rejected("labels", "is required") if other else Unreadable("has no alert in it")
        case _:
            return alertmanager.parse(body, integration, now)


def _one(alert: object, integration: Integration, now: int) -> Parsed:
    parsed = alertmanager.parse(orjson.dumps([alert]), integration, now)
    return parsed._replace(rejects=[each._replace(item=None) for each in parsed.rejects])
