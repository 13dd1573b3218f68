"""What is sent to whom, and what came of it."""

from datetime import datetime
from hashlib import md5
from typing import Final, Literal, NamedTuple
from uuid import UUID

from alerting.runtime.errors import AlertingError

MOST_RECORDED_CHARACTERS: Final = 1_024

Status = Literal["PENDING", "DELIVERED", "FAILED", "EXPIRED"]


class Alert(NamedTuple):
    """The alert as its sender sent it."""

    alert_id: str
    severity: str
    source: str
    name: str
    context: str
    """A JSON object whose values are strings."""
    event_at: datetime


class Address(NamedTuple):
    """Where a client is told: however many of its endpoints have it, it is one receiver, which works or does not."""

    client_id: str
    type: str
    value: str

    @property
    def id(self) -> str:
        """Return the id of its row in the table of receivers."""
        return str(UUID(md5(" ".join(self).encode(), usedforsecurity=False).hexdigest()))


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
    secrets: tuple[str, ...] = ()
    """What it is signed with, each ``whsec_`` and base64: the endpoint's secret, then one that was rotated out."""
    lease: datetime | None = None
    """Until when it belongs to whoever took it, by the database's clock: what no other taking of it has."""
    delays: tuple[float, ...] = ()
    """Seconds before each repetition."""
    tried: int = 0
    """Attempts that were made by these delays."""
    waited: bool = False
    """It comes from the table, where it waited, and not straight from its notification."""
    traceparent: str | None = None
    """The trace that its notification belongs to, if it is recorded."""

    @property
    def address(self) -> "Address":
        """Return whom it is for."""
        return Address(self.client_id, self.type, self.value)


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
    """An attempt failed. What follows is decided by these words, never by the text."""

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        gone: bool = False,
        configuration: bool = False,
        throttled: bool = False,
        ours: bool = False,
        status: int | None = None,
        response: str = "",
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent or gone
        """It is not worth another attempt."""
        self.gone = gone
        """The receiver wants nothing more, ever: 410."""
        self.configuration = configuration
        """So answers a receiver that is set up wrongly; it is attempted again, and marked."""
        self.throttled = throttled
        """The receiver has too much to do, or did not answer in time: it is left alone for a minute at least."""
        self.ours = ours
        """It says nothing about the receiver: our mail server is away, or refuses us."""
        self.status = status
        self.response = response
        self.retry_after = retry_after
        """Seconds that the receiver asks to be left alone."""


class Attempted(NamedTuple):
    """What an attempt was like."""

    started_at: float
    """Unix seconds."""
    seconds: float
    code: int | None
    response: str
    ours: bool = False
    """Its failure says nothing about the receiver."""
    gone: bool = False
    """The receiver wants nothing more, ever."""
    open_for: float = 0.0
    """Seconds for which it made the receiver's circuit breaker open."""


class Result(NamedTuple):
    """What became of a delivery: by an attempt, or without one."""

    delivery: Delivery
    status: Status
    delay: float = 0.0
    """Seconds until it is due again, when it is pending."""
    error: str | None = None
    configuration: bool = False
    attempted: Attempted | None = None
    """Absent when it only was put off, or ended without one more attempt."""


def recordable(text: str) -> str:
    """Return the beginning of a text from outside, without what the database cannot keep."""
    kept = text[:MOST_RECORDED_CHARACTERS].replace("\0", "")
    return kept.encode(errors="replace").decode()
