"""The last alerts that were refused: most senders look at nothing but the status."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alerting.ingest.faults import Reject
from alerting.ingest.timestamps import MICROSECONDS, rfc_3339
from alerting.runtime.clock import Clock
from alerting.runtime.telemetry import ALERTS_REJECTED

MOST_KEPT: Final = 100

# The metric has one series for each: what a sender made up does not become one.
_FIELDS: Final = frozenset(
    {
        *("body", "alert_id", "severity", "source", "name", "context", "event_ts"),
        *("labels", "annotations", "startsAt", "endsAt", "generatorURL", "status", "values", "version", "alerts"),
        *("event_action", "dedup_key", "payload", "custom_details", "Idempotency-Key"),
        *("specversion", "id", "type", "time", "data", "data_base64"),
    }
)


@dataclass(frozen=True, slots=True)
class KeptReject:
    """A reject, as it is listed."""

    at: str
    format: str
    sender: str
    """The name of the key."""
    item: int | None
    field: str
    message: str


class RecentRejects:
    """Counts what is refused, and keeps the last hundred in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: deque[KeptReject] = deque(maxlen=MOST_KEPT)

    def add(self, sender_format: str, sender: str, rejects: Sequence[Reject]) -> None:
        """Count rejects, and keep the last of them."""
        at = rfc_3339(int(self._clock.now() * MICROSECONDS))
        for reject in rejects:
            first = reject.field.partition(".")[0]
            ALERTS_REJECTED.labels(sender_format, first if first in _FIELDS else "other").inc()
        self._kept.extend(
            KeptReject(at, sender_format, sender, item, field, message) for item, field, message in rejects[-MOST_KEPT:]
        )

    def newest_first(self) -> list[KeptReject]:
        """Return what is kept."""
        return list(reversed(self._kept))
