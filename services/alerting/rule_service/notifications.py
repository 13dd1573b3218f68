"""``/api/v1/notifications``: what clients were told of, and how each delivery went."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, Field

from alerting.rule_service.access import Tenant, found, problems, router
from alerting.rule_service.pagination import Page, Paging, page_of, refuse_cursor
from alerting.rule_service.store import notifications as store
from alerting.rule_service.store.where import Where
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import Text
from alerting.runtime.database import Row

routes = router("notifications")

NotificationStatus = Literal["RECEIVED", "SENT", "PARTIAL", "FAILED", "NO_ENDPOINT"]


class Notification(BaseModel):
    """A notification: one for each client and alert."""

    id: UUID
    client_id: str
    alert_id: str
    severity: str
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
    endpoint_id: str
    type: str
    value: str
    status: Literal["PENDING", "DELIVERED", "FAILED"]
    attempts: int
    next_attempt_at: datetime | None
    """Null when there will be none."""
    last_status: int | None
    last_error: str | None
    delivered_at: datetime | None
    created_at: datetime
    history: list[Attempt]
    """The latest attempts, at most 100, in their order."""


class NotificationDetail(Notification):
    """A notification with everything that is known of it."""

    context: dict[str, str]
    deliveries: list[Delivery]
    """At most 500."""
    deliveries_truncated: bool


class NotificationFilters(Paging):
    """Which notifications to list; `from` and `to` bound the time of their making, `to` itself excluded."""

    client_id: Text | None = None
    status: NotificationStatus | None = None
    severity: Text | None = None
    source: Text | None = None
    name: Text | None = None
    begin: AwareDatetime | None = Field(None, alias="from")
    end: AwareDatetime | None = Field(None, alias="to")

    def where(self, tenant: str | None) -> Where:
        """Return the conditions, for a caller who is confined to a tenant."""
        columns = ("client_id", "status", "severity", "source", "name")
        conditions = Where({column: getattr(self, column) for column in columns})
        return (
            conditions.add("client_id", "=", tenant)
            .add("created_at", ">=", self.begin)
            .add("created_at", "<", self.end)
        )


@routes.get("/notifications")
async def list_notifications(
    caller: Tenant, database: Database, filters: Annotated[NotificationFilters, Query()]
) -> Page[Notification]:
    """List notifications, the newest first."""
    before = _uuid(filters.after("notifications"))
    async with database.read() as connection:
        rows = await store.page(connection, filters.where(caller.client_id), before, filters.limit)
    return page_of(Notification, "notifications", rows, filters.limit)


@routes.get("/notifications/{notification_id}", responses=problems(404))
async def get_notification(caller: Tenant, database: Database, notification_id: str) -> NotificationDetail:
    """Return a notification with its deliveries and their attempts."""
    try:
        wanted = UUID(notification_id)
    except ValueError:
        return found(None, "notification")
    async with database.read() as connection:
        row = found(await store.find(connection, wanted, caller.client_id), "notification")
        deliveries = await store.deliveries(connection, wanted)
    return _detail(row, deliveries)


def _uuid(cursor: str | None) -> UUID | None:
    try:
        return None if cursor is None else UUID(cursor)
    except ValueError:
        refuse_cursor()


def _detail(row: Row, deliveries: Sequence[Row]) -> NotificationDetail:
    more: dict[str, Any] = {
        "deliveries": [
            delivery | {"next_attempt_at": delivery["next_attempt_at"] if delivery["status"] == "PENDING" else None}
            for delivery in deliveries[: store.MOST_DELIVERIES]
        ],
        "deliveries_truncated": len(deliveries) > store.MOST_DELIVERIES,
    }
    return NotificationDetail.model_validate(row | more)
