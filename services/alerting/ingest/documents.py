"""JSON from outside, decoded: the last of several equal keys wins, and text is always valid Unicode."""

import orjson

from alerting.ingest.alert import MOST_ALERTS, kind
from alerting.ingest.faults import Unreadable


def decode(body: bytes, *, item: int | None = None) -> object:
    """Decode one JSON document."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"not JSON: {error}", status=400, item=item) from None


def decode_object(body: bytes) -> dict[str, object]:
    """Decode a JSON document that has to be an object."""
    document = decode(body)
    if not isinstance(document, dict):
        raise Unreadable(f"must be an object, and is {kind(document)}")
    return document


def decode_list(body: bytes) -> list[object]:
    """Decode a JSON document that has to be an array of alerts."""
    return bounded(decode(body), "body")


def bounded(value: object, field: str) -> list[object]:
    """Return a value that has to be an array of no more alerts than a request may have."""
    if not isinstance(value, list):
        raise Unreadable(f"must be an array, and is {kind(value)}", field=field)
    if len(value) > MOST_ALERTS:
        raise Unreadable(f"at most {MOST_ALERTS} alerts, and has {len(value)}", status=413, field=field)
    return value
