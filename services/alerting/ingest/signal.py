"""A sender's word on an alert that lasts: it fires, or it is resolved."""

from typing import Final, NamedTuple

from alerting.events.v1 import Severity
from alerting.ingest.timestamps import MICROSECONDS

RESOLVE_TIMEOUT: Final = 5 * 60 * MICROSECONDS
"""How long an alert fires whose sender does not say until when: Alertmanager's own default."""
WEBHOOK_HOLD: Final = 24 * 3_600 * MICROSECONDS
"""The same of senders that tell of the end by another message, and repeat themselves every few hours at most."""


class Signal(NamedTuple):
    """One alert as it was sent: which one it is, whether it fires, and what it says. Times in Unix microseconds."""

    fingerprint: str
    """What makes it the same alert as another of its integration."""
    firing: bool
    starts_at: int
    ends_at: int
    """Until when it fires unless it is sent again; of a resolved one, since when it is resolved."""
    event_ts: int
    """When it happened, as the sender has it; Unix seconds."""
    severity: Severity
    source: str
    name: str
    context: dict[str, str]
    shown: bytes
    """Its labels, annotations and generatorURL, in JSON, for those who ask what is firing."""
