"""Alerts that were refused, as they are kept for whoever asks: most senders look at nothing but the status."""

from collections.abc import Sequence
from typing import Final

from alerting.ingest.faults import Reject
from alerting.ingest.timestamps import rfc_3339
from alerting.runtime.described import Described
from alerting.runtime.telemetry import ALERTS_REJECTED

_MOST_FIELD_BYTES: Final = 128
_MOST_TEXT_BYTES: Final = 256

# The metric has one series for each: what a sender made up does not become one.
_FIELDS: Final = frozenset(
    {
        *("body", "alert_id", "severity", "source", "name", "context", "event_ts"),
        *("labels", "annotations", "startsAt", "endsAt", "generatorURL", "status", "values", "version", "alerts"),
        *("event_action", "dedup_key", "payload", "custom_details", "Idempotency-Key"),
        *("specversion", "id", "type", "time", "data", "data_base64"),
    }
)


class KeptReject(Described):
    """A reject, as it is listed."""

    at: str
    """When it was refused, RFC 3339 in UTC."""
    integration: str
    """The integration that it was sent to."""
    format: str
    """The format that it came in."""
    sender: str
    """The name of the key."""
    item: int | None
    """Its place in the request, counted from 0; null when it came alone."""
    field: str
    """The field at fault, with dots into what is nested, or `body`."""
    message: str
    """What is wrong with it, for a person to read."""


def count_rejects(sender_format: str, rejects: Sequence[Reject]) -> None:
    """Count rejects by the field at fault."""
    for reject in rejects:
        first = reject.field.partition(".")[0]
        ALERTS_REJECTED.labels(sender_format, first if first in _FIELDS else "other").inc()


def kept(reject: Reject, at: int, integration: str, sender_format: str, sender: str) -> KeptReject:
    """Return a reject to be kept, with what came from outside cut short; `at` in Unix microseconds."""
    return KeptReject(
        at=rfc_3339(at),
        integration=integration,
        format=sender_format,
        sender=cut(sender, _MOST_TEXT_BYTES),
        item=reject.item,
        field=cut(reject.field, _MOST_FIELD_BYTES),
        message=cut(reject.message, _MOST_TEXT_BYTES),
    )


def cut(text: str, most_bytes: int) -> str:
    """Return a text's beginning, within so many bytes of UTF-8."""
    # The cut may go through a character; and whatever is kept can be written down.
    return text.encode(errors="replace")[:most_bytes].decode(errors="ignore")
