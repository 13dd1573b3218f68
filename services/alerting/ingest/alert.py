"""An alert as the platform takes it, and the limits of its fields."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from alerting.events.v1 import Severity
from alerting.ingest.faults import Rejected, shown

MOST_CHARACTERS: Final = 255
MOST_KEYS: Final = 64
MOST_CONTEXT_BYTES: Final = 16 * 1_024
MOST_ALERTS: Final = 10_000
"""Of one request."""
LATEST_TS: Final = 253_402_300_799
"""The end of the year 9999, in Unix seconds."""

SEVERITIES: Final[Mapping[str, Severity]] = {
    "LOW": Severity.LOW,
    "MEDIUM": Severity.MEDIUM,
    "HIGH": Severity.HIGH,
    "CRITICAL": Severity.CRITICAL,
}


class Alert(NamedTuple):
    """An alert whose every field is within its limits."""

    alert_id: str
    event_ts: int
    """Unix seconds."""
    severity: Severity
    source: str
    name: str
    context: Mapping[str, str]


def text(value: object, field: str) -> str:
    """Return a value that has to be text of 1 to 255 characters."""
    if value is None:
        raise Rejected(field, "is required")
    if not isinstance(value, str):
        raise Rejected(field, f"must be a string, and is {kind(value)}")
    if not value:
        raise Rejected(field, "must not be empty")
    if len(value) > MOST_CHARACTERS:
        raise Rejected(field, f"must have at most {MOST_CHARACTERS} characters, and has {len(value)}")
    if "\0" in value:
        raise Rejected(field, "must not contain NUL")
    return value


def strings(value: object, field: str) -> dict[str, str]:
    """Return a value that has to be an object of strings; null is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Rejected(field, f"must be an object, and is {kind(value)}")
    for key, each in value.items():
        if not isinstance(each, str):
            raise Rejected(f"{field}.{shown(key)}", f"must be a string, and is {kind(each)}")
        if "\0" in each or "\0" in key:
            raise Rejected(f"{field}.{shown(key)}", "must not contain NUL")
    return value


def kind(value: object) -> str:
    """Name a JSON value's type."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case dict():
            return "an object"
        case _:
            return "an array"
