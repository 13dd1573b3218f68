"""What one integration did since its figures were handed over: bounded, whatever its senders send."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from alerting.ingest.alert import Alert
from alerting.ingest.faults import Reject
from alerting.ingest.rejects import KeptReject, kept

MOST_REJECTS: Final = 50
"""Of one integration."""


def _empty() -> deque[KeptReject]:
    return deque(maxlen=MOST_REJECTS)


@dataclass(slots=True)
class Tally:
    """Times in Unix microseconds; 0 is never."""

    format: str = ""
    """The last one that was used."""
    accepted: int = 0
    last: Alert | None = None
    """The last one that was accepted."""
    last_at: int = 0
    rejected: int = 0
    rejected_at: int = 0
    rejects: deque[KeptReject] = field(default_factory=_empty)
    """The last ones, the oldest first."""

    @property
    def at(self) -> int:
        """Return when the integration was last heard of."""
        return max(self.last_at, self.rejected_at)

    def accept(self, sender_format: str, alerts: Sequence[Alert], at: int) -> None:
        """Add alerts that the broker has."""
        self.format = sender_format
        self.accepted += len(alerts)
        self.last, self.last_at = alerts[-1], at

    def refuse(self, rejects: Sequence[Reject], at: int, integration: str, sender_format: str, sender: str) -> None:
        """Add alerts that were refused."""
        self.format = sender_format
        self.rejected += len(rejects)
        self.rejected_at = at
        self.rejects.extend(kept(each, at, integration, sender_format, sender) for each in rejects[-MOST_REJECTS:])

    def follow(self, later: "Tally") -> None:
        """Add what was done later."""
        self.format = later.format or self.format
        self.accepted += later.accepted
        if later.last is not None:
            self.last, self.last_at = later.last, later.last_at
        self.rejected += later.rejected
        self.rejected_at = later.rejected_at or self.rejected_at
        self.rejects.extend(later.rejects)
