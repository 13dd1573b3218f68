"""One match as it comes from the evaluator: read, and refused when it cannot be recorded."""

from typing import Final, NamedTuple

import orjson
from google.protobuf.message import DecodeError

from alerting.events.v1 import AlertMatched, Severity
from alerting.runtime.errors import Malformed

MOST_ID_CHARACTERS: Final = 255

# What both PostgreSQL and Python can tell as a date: the years 1 to 9999.
FIRST_SECOND: Final = -62_135_596_800
LAST_SECOND: Final = 253_402_300_799

_SEVERITIES: Final = {number: name for name, number in Severity.items()}


class Match(NamedTuple):
    """An alert and one client that it matched, as the database takes them."""

    client_id: str
    alert_id: str
    severity: str
    source: str
    name: str
    context: str
    """A JSON object."""
    event_ts: int
    """Unix seconds."""
    rule_ids: list[str]
    rules_version: int
    traceparent: str | None = None
    """The trace that the alert belongs to, if it is recorded."""

    @property
    def key(self) -> tuple[str, str]:
        """Return what there is one notification of."""
        return self.client_id, self.alert_id


def read_match(value: bytes | None) -> Match:
    """Read a message.

    Raises
    ------
    Malformed
        It can never be recorded.
    """
    if not value:
        raise Malformed("empty", "the message has no value")
    try:
        alert = AlertMatched.FromString(value)
    except DecodeError as error:
        raise Malformed("undecodable", str(error)) from None
    match = Match(
        alert.client_id,
        alert.alert_id,
        _SEVERITIES.get(alert.severity, "UNSPECIFIED"),
        alert.source,
        alert.name,
        orjson.dumps(dict(alert.context)).decode(),
        alert.event_ts,
        list(alert.rule_ids),
        alert.rules_version,
    )
    _check_id("client_id", match.client_id)
    _check_id("alert_id", match.alert_id)
    if not FIRST_SECOND <= match.event_ts <= LAST_SECOND:
        raise Malformed("invalid_field", f"event_ts: {match.event_ts} is not a time of the years 1 to 9999")
    # Numbers have zero bytes, too, so only a message with one is worth a closer look.
    if b"\0" in value:
        _check_nul(alert)
    return match


def _check_id(field: str, value: str) -> None:
    if not value:
        raise Malformed("missing_field", f"{field}: is empty")
    if len(value) > MOST_ID_CHARACTERS:
        raise Malformed("too_long", f"{field}: {len(value)} characters, the most is {MOST_ID_CHARACTERS}")


def _check_nul(alert: AlertMatched) -> None:
    texts = {
        "alert_id": [alert.alert_id],
        "client_id": [alert.client_id],
        "source": [alert.source],
        "name": [alert.name],
        "rule_ids": alert.rule_ids,
        "context": [*alert.context.keys(), *alert.context.values()],
    }
    for field, values in texts.items():
        if any("\0" in value for value in values):
            raise Malformed("invalid_field", f"{field}: has a NUL, which PostgreSQL cannot keep")
