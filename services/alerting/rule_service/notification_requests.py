"""What requests say about notifications, and what answers do."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from alerting.deliveries.resend import Which
from alerting.rule_service.pagination import Page, Paging
from alerting.rule_service.store.notification_filter import Wanted
from alerting.rule_service.values import AlertText, Body, CreatedAt, Text
from alerting.runtime.described import Described, examples

MOST_RESENT: Final = 10_000
"""How many notifications one request may have sent again."""

_MOST_VALUES: Final = 10

NotificationStatus = Literal["RECEIVED", "SENT", "PARTIAL", "FAILED", "NO_ENDPOINT"]
DeliveryStatus = Literal["PENDING", "DELIVERED", "FAILED", "EXPIRED"]


class DeliveryCounts(Described):
    """How many deliveries a notification has, by their status."""

    DELIVERED: int = 0
    """How many the receiver has."""
    FAILED: int = 0
    """How many were given up."""
    PENDING: int = 0
    """How many wait for their first or next attempt."""
    EXPIRED: int = 0
    """How many became too old while they waited."""


class Recorded(Described):
    """What is recorded of an alert for a client."""

    id: UUID
    """Its id, a UUID of version 7: later ones are greater."""
    client_id: str
    """The client that it is for."""
    alert_id: str
    """The alert's id, as its sender or ingest gave it."""
    severity: str
    """The alert's: one of the four, or `UNSPECIFIED` when a producer gave none."""
    source: str
    """The alert's source."""
    name: str
    """The alert's name."""
    event_at: datetime
    """When it happened, by the alert's own word, in UTC."""
    rule_ids: list[str]
    """The client's rules that matched."""
    rules_version: int
    """The version of the rule set that decided the match."""
    status: NotificationStatus
    """`RECEIVED` until it is known; `SENT`, `PARTIAL` or `FAILED` when all, some or none of it arrived; `NO_ENDPOINT`
    when there was nobody to tell.
    """
    created_at: CreatedAt
    finished_at: datetime | None
    """When its last delivery ended, in UTC; null until then."""
    next_attempt_at: datetime | None
    """The earliest of its deliveries that wait, in UTC; null when none does."""
    last_error: str | None
    """Why the delivery failed that failed last; null when none did."""


class Notification(Recorded):
    """A notification: one for each client and alert."""

    deliveries: DeliveryCounts
    """How many deliveries it has, by their status."""


class NotificationPage(Page[Notification]):
    """One page of notifications."""

    looked_back_to: datetime | None
    """Null, unless the time did not suffice to look at all of them: the next page looks at what is older than this."""


class Attempt(Described):
    """One attempt to deliver."""

    attempt: int
    """Its number, from 1."""
    started_at: datetime
    """When it began, in UTC."""
    latency_ms: float
    """How long it took, in milliseconds."""
    status_code: int | None
    """HTTP's or SMTP's; null when there was no answer."""
    error: str | None
    """Why it failed; null when it did not."""
    response: str | None
    """The beginning of what the receiver answered; null when it answered nothing."""


class Delivery(Described):
    """What was sent to one endpoint, as it was then."""

    id: UUID
    """Its id; also the idempotency key, and the `webhook-id`, of its requests."""
    endpoint_id: str
    """The endpoint's id; it may be gone by now."""
    type: str
    """How it was told."""
    shown: str
    """The address, without what is secret in a URL."""
    status: DeliveryStatus
    """How it stands."""
    attempts: int
    """How many attempts were made."""
    next_attempt_at: datetime | None
    """When the next attempt is due, in UTC; null when there will be none."""
    expires_at: datetime
    """When it is given up at the latest, in UTC."""
    configuration_error: bool
    """Whether the receiver answers as one that is set up wrongly does."""
    last_status: int | None
    """What the last attempt was answered, HTTP's status or SMTP's; null when it was not."""
    last_error: str | None
    """Why the last attempt failed, or why there was none; null when it did not fail."""
    delivered_at: datetime | None
    """When the receiver had it, in UTC; null when it has not."""
    created_at: CreatedAt
    history: list[Attempt]
    """The latest attempts, at most 100, in their order."""


class MatchedRule(Described):
    """A rule that matched, as it is now; of one that is gone, only the id is known."""

    id: str
    """Its id."""
    exists: bool
    """Whether it is there."""
    changed_since: bool
    """Whether it was changed after the match, so that what it says now need not explain it."""
    severity: str | None
    """The severity that it matches; null when it is gone."""
    source: str | None
    """The source that it matches; null when it is gone."""
    name: str | None
    """The name that it matches; null when it is gone."""
    description: str | None
    """What people want to know of it; null when it is gone."""
    enabled: bool | None
    """Whether it is in force; null when it is gone."""


class NotificationDetail(Recorded):
    """A notification with everything that is known of it."""

    context: dict[str, str]
    """The alert's context."""
    trace_id: str | None
    """The id of the alert's trace; null when that is not recorded."""
    rules: list[MatchedRule]
    """The rules that matched: at most 500, in the order of `rule_ids`."""
    delivery_counts: DeliveryCounts
    """How many deliveries it has, by their status."""
    deliveries: list[Delivery]
    """Its deliveries: at most 500."""
    deliveries_truncated: bool
    """Whether it has more deliveries than these."""


class NotificationFilter(Body):
    """Which notifications; of `status` and `severity`, any of the given ones."""

    client_id: Text | None = Field(None, description="Only those of this client.")
    status: list[NotificationStatus] = Field(
        [], max_length=_MOST_VALUES, description="Only those with one of these statuses; any when there is none."
    )
    severity: list[Text] = Field(
        [], max_length=_MOST_VALUES, description="Only those with one of these severities; any when there is none."
    )
    source: AlertText | None = Field(None, description="Only those whose alert has this source.")
    name: AlertText | None = Field(None, description="Only those whose alert has this name.")
    rule_id: Text | None = Field(None, description="Only those that this rule matched, be it gone by now.")
    search: Text | None = Field(
        None, description="Part of a source or a name, in any case; or an alert's or a notification's id."
    )
    begin: AwareDatetime | None = Field(None, alias="from", description="Only those that were made then or later.")
    end: AwareDatetime | None = Field(None, alias="to", description="Only those that were made before.")

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

    model_config = examples({"deliveries": "undelivered"})

    deliveries: Which = "undelivered"
    """`all` also sends what has arrived, under the same idempotency key as before."""


class ResendMany(Body):
    """Which notifications to send again."""

    model_config = examples({"filter": {"status": ["FAILED"], "from": "2026-01-31T08:00:00Z"}, "expected": 12})

    filter: NotificationFilter
    """Which ones they are."""
    expected: int = Field(ge=1, le=MOST_RESENT, strict=True)
    """How many the caller believes these to be."""


class Resent(Described):
    """What is due to be sent now."""

    notifications: int
    """How many notifications are sent again."""
    deliveries: int
    """How many deliveries that makes."""
    held_back: int
    """How many of the deliveries wait, because so much failed at their receivers that these are left alone."""
    held_back_until: datetime | None
    """When the last of these receivers is asked again, in UTC; null when nothing is held back."""
