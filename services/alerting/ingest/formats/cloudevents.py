"""CloudEvents 1.0 over HTTP: binary, structured, and batches of structured ones."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import unquote

import orjson

from alerting.events.v1 import Severity
from alerting.ingest.alert import Alert, kind, text
from alerting.ingest.context import fitted
from alerting.ingest.documents import decode_list, decode_object
from alerting.ingest.faults import Reject, Rejected, Unreadable
from alerting.ingest.fingerprint import stable_id
from alerting.ingest.formats.flatten import flattened
from alerting.ingest.integration import Integration
from alerting.ingest.timestamps import MICROSECONDS, microseconds

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"

_READ: Final = frozenset({"specversion", "id", "source", "type", "time", "data", "data_base64", "datacontenttype"})


class Parsed(NamedTuple):
    """The alerts of a request, and its events that are wrong."""

    alerts: list[Alert]
    rejects: list[Reject]


def parse(headers: Mapping[str, str], body: bytes, integration: Integration, now: int) -> Parsed:
    """Read a request of any of the three modes; `now` in Unix microseconds, header names in lower case."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    events: list[object]
    if media_type == BATCH:
        events = decode_list(body)
    elif media_type == STRUCTURED:
        events = [decode_object(body)]
    elif media_type.startswith("application/cloudevents"):
        raise Unreadable(f"send {STRUCTURED}, {BATCH}, or ce- headers", status=415, field="content-type")
    else:
        events = [_binary(headers, media_type, body)]
    parsed = Parsed([], [])
    for place, event in enumerate(events):
        try:
            parsed.alerts.append(_alert(event, integration, now))
        except Rejected as error:
            parsed.rejects.append(Reject.of(place if media_type == BATCH else None, error))
    return parsed


def _binary(headers: Mapping[str, str], media_type: str, body: bytes) -> dict[str, object]:
    attributes: dict[str, object] = {
        name[3:]: unquote(value, errors="replace") for name, value in headers.items() if name.startswith("ce-")
    }
    if "specversion" not in attributes:
        raise Unreadable(f"send {STRUCTURED}, {BATCH}, or ce- headers", field="ce-specversion")
    # The body is the data: an attribute of that name would be another event's.
    attributes.pop("data", None)
    attributes.pop("data_base64", None)
    if body:
        attributes["data"] = _data(media_type, body)
    return attributes


def _data(content_type: str, body: bytes) -> object:
    media_type = content_type.partition(";")[0].strip().lower()
    try:
        if media_type in {"", "application/json", "text/json"} or media_type.endswith("+json"):
            return orjson.loads(body)
        return body.decode()
    except (orjson.JSONDecodeError, UnicodeDecodeError):
        return None


def _alert(event: object, integration: Integration, now: int) -> Alert:
    if not isinstance(event, dict):
        raise Rejected("body", f"must be an object, and is {kind(event)}")
    if event.get("specversion") != "1.0":
        raise Rejected("specversion", 'must be "1.0"')
    event_id = text(event.get("id"), "id")
    source = text(event.get("source"), "source")
    name = text(event.get("type"), "type")
    at = microseconds(event.get("time"), "time")
    data = _decoded(event)
    severity, unknown = _severity(event, data, integration)
    return Alert(
        stable_id(integration.name, "cloudevents", source, event_id),
        (now if at is None else at) // MICROSECONDS,
        severity,
        source,
        name,
        fitted(_context(event, data) | unknown),
    )


def _decoded(event: Mapping[str, object]) -> object:
    encoded = event.get("data_base64")
    if encoded is None:
        return event.get("data")
    try:
        if not isinstance(encoded, str):
            raise Rejected("data_base64", f"must be a string, and is {kind(encoded)}")
        return _data(str(event.get("datacontenttype") or ""), base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        raise Rejected("data_base64", "is not Base64") from None


def _severity(event: Mapping[str, object], data: object, integration: Integration) -> tuple[Severity, dict[str, str]]:
    word = event.get("severity") or (data.get("severity") if isinstance(data, dict) else None)
    if word is None:
        return integration.default_severity, {}
    known = integration.severity(word) if isinstance(word, str) else None
    if known is not None:
        return known, {}
    return integration.default_severity, flattened({"severity": word})


def _context(event: Mapping[str, object], data: object) -> dict[str, str]:
    extensions = {name: value for name, value in event.items() if name not in _READ and name != "severity"}
    content = flattened(data, "data.") if isinstance(data, dict) else flattened({"data": data})
    return flattened(extensions) | {"id": str(event["id"])} | content
