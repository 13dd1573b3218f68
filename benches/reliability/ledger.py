"""What was accepted, what arrived, and what was done to the platform meanwhile. Times are monotonic seconds."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Answer = Literal["taken", "refused", "cut"]
"""How a receiver ended a request: with 2xx, with another status, or with no answer that could reach the sender."""


class Arrival(NamedTuple):
    """A request as its receiver saw it."""

    at: float
    tenant: str
    alert_id: str
    key: str
    """The idempotency key."""
    attempt: int
    answer: Answer


class Fault(NamedTuple):
    """Something that is done to the platform."""

    kind: str
    target: str
    seconds: float = 0.0
    """How long; a kill takes no time."""


class Window(NamedTuple):
    """When a fault was there."""

    fault: Fault
    begin: float
    end: float


@dataclass
class Ledger:
    """All of it, in the order in which it happened."""

    accepted: dict[str, float] = field(default_factory=dict)
    """When the answer to each alert came, by the alert's id."""
    arrivals: list[Arrival] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    refused_requests: int = 0
    """Requests to ingest that failed and were made again."""
    garbage: dict[str, list[bytes]] = field(default_factory=dict)
    """Messages that no consumer can take, by topic."""
