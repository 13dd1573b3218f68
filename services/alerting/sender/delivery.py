"""What is sent to whom, and what came of it."""

from datetime import datetime
from typing import Final, Literal, NamedTuple

from alerting.runtime.errors import AlertingError

MOST_RECORDED_CHARACTERS: Final = 1_024

Status = Literal["PENDING", "DELIVERED", "FAILED"]


class Alert(NamedTuple):
    """The alert as its sender sent it."""

    alert_id: str
    severity: str
    source: str
    name: str
    context: str
    """A JSON object whose values are strings."""
    event_at: datetime


class Delivery(NamedTuple):
    """One notification to one endpoint."""

    id: str
    notification_id: str
    client_id: str
    type: str
    value: str
    """The address: a URL, or a mailbox."""
    attempt: int
    """The number of the attempt to come, from 1."""
    alert: Alert
    rule_ids: list[str]
    rules_version: int


class Leased(NamedTuple):
    """A delivery that belongs to this sender for a time."""

    delivery: Delivery
    until: float
    """Seconds of the monotonic clock."""


class Receipt(NamedTuple):
    """What a receiver that took a delivery answered."""

    status: int | None
    """HTTP's or SMTP's code."""
    response: str


class DeliveryError(AlertingError):
    """An attempt failed. A permanent error is not worth another one."""

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        status: int | None = None,
        response: str = "",
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.status = status
        self.response = response
        self.retry_after = retry_after
        """Seconds that the receiver asks to be left alone."""


class Result(NamedTuple):
    """What came of one attempt, as it is recorded."""

    delivery: Delivery
    status: Status
    delay: float
    """Seconds until the next attempt, when there is one."""
    started_at: float
    """Unix seconds."""
    seconds: float
    code: int | None
    error: str | None
    response: str


def recordable(text: str) -> str:
    """Return the beginning of a text from outside, without what the database cannot keep."""
    kept = text[:MOST_RECORDED_CHARACTERS].replace("\0", "")
    return kept.encode(errors="replace").decode()
