"""What requests say about notifications, and what answers do."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from alerting.deliveries.resend import Which
from alerting.rule_service.pagination import Page, Paging
from alerting.rule_service.store.notification_filter import Wanted
from alerting.rule_service.values import AlertText, Body, Text

MOST_RESENT: Final = 10_000
"""How many notifications one request may have sent again."""

_MOST_VALUES: Final = 10

NotificationStatus = Literal["RECEIVED", "SENT", "PARTIAL", "FAILED", "NO_ENDPOINT"]
DeliveryStatus = Literal["PENDING", "DELIVERED", "FAILED", "EXPIRED"]


class DeliveryCounts(BaseModel):
    """How many deliveries a notification has, by their status."""

    DELIVERED: int = 0
    FAILED: int = 0
    PENDING: int = 0
    EXPIRED: int = 0


class Recorded(BaseModel):
    """What is recorded of an alert for a client."""

    id: UUID
    client_id: str
    alert_id: str
    severity: str
    """One of the four, or UNSPECIFIED when a producer gave none."""
    source: str
    name: str
    event_at: datetime
    """When it happened, by the alert's own word."""
    rule_ids: list[str]
    rules_version: int
    """The version of the rule set that decided the match."""
    status: NotificationStatus
    created_at: datetime
    finished_at: datetime | None
    next_attempt_at: datetime | None
    """The earliest of its deliveries that wait; null when none does."""
    last_error: str | None
    """Of the delivery that failed last."""


class Notification(Recorded):
    """A notification: one for each client and alert."""

    deliveries: DeliveryCounts


class NotificationPage(Page[Notification]):
    """One page of notifications."""

    looked_back_to: datetime | None
    """Not null when the time did not suffice to look at all of them: the next page looks at what is older than this."""


class Attempt(BaseModel):
    """One attempt to deliver."""

    attempt: int
    started_at: datetime
    latency_ms: float
    status_code: int | None
    error: str | None
    response: str | None
    """The beginning of what the receiver answered."""


class Delivery(BaseModel):
    """What was sent to one endpoint, as it was then."""

    id: UUID
    """Also the idempotency key, and the `webhook-id`, of its requests."""
    endpoint_id: str
    type: str
    shown: str
    """The address, without what is secret in a URL."""
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime | None
    """Null when there will be none."""
    expires_at: datetime
    configuration_error: bool
    """Whether the receiver answers as one that is set up wrongly does."""
    last_status: int | None
    last_error: str | None
    delivered_at: datetime | None
    created_at: datetime
    history: list[Attempt]
    """The latest attempts, at most 100, in their order."""


class MatchedRule(BaseModel):
    """A rule that matched, as it is now; of one that is gone, only the id is known."""

    id: str
    exists: bool
    changed_since: bool
    """Whether it was changed after the match, so that what it says now need not explain it."""
    severity: str | None
    source: str | None
    name: str | None
    description: str | None
    enabled: bool | None


class NotificationDetail(Recorded):
    """A notification with everything that is known of it."""

    context: dict[str, str]
    trace_id: str | None
    """Of the alert's trace; null when that is not recorded."""
    rules: list[MatchedRule]
    """At most 500, in the order of `rule_ids`."""
    delivery_counts: DeliveryCounts
    deliveries: list[Delivery]
    """At most 500."""
    deliveries_truncated: bool


class NotificationFilter(Body):
    """Which notifications; of `status` and `severity`, any of the given ones."""

    client_id: Text | None = None
    status: list[NotificationStatus] = Field([], max_length=_MOST_VALUES)
    severity: list[Text] = Field([], max_length=_MOST_VALUES)
    source: AlertText | None = None
    name: AlertText | None = None
    rule_id: Text | None = None
    """One that matched, be it gone by now."""
    search: Annotated[
        Text | None, Field(description="part of a source or a name, in any case; or an alert's or a notification's id")
    ] = None
    begin: AwareDatetime | None = Field(None, alias="from", description="made then or later")
    end: AwareDatetime | None = Field(None, alias="to", description="made before")

    def wanted(self, tenant: str | None) -> Wanted:
        """Return the same for the store, on behalf of a caller who may be confined to a tenant."""
        return Wanted(
            tenant=tenant,
            client_id=self.client_id,
            statuses=self.status,
            severities=self.severity,
            source=self.source,
            name=self.name,
            rule_id=self.rule_id,
            search=self.search,
            begin=self.begin,
            end=self.end,
        )


class NotificationFilters(Paging, NotificationFilter):
    """Which notifications to list."""


class Resend(Body):
    """What of a notification to send again."""

    deliveries: Which = "undelivered"
    """`all` also sends what has arrived, under the same idempotency key as before."""


class ResendMany(Body):
    """Which notifications to send again."""

    filter: NotificationFilter
    expected: int = Field(ge=1, le=MOST_RESENT, strict=True)
    """How many the caller believes these to be."""


class Resent(BaseModel):
    """What is due to be sent now."""

    notifications: int
    deliveries: int
    held_back: int
    """Those of the deliveries that wait, because so much failed at their receivers that these are left alone."""
    held_back_until: datetime | None
    """When the last of these receivers is asked again; null when nothing is held back."""
