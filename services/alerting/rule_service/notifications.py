"""``/api/v1/notifications``: what clients were told of, and how each delivery went."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, Field

from alerting.deliveries.resend import Which, resend
from alerting.rule_service.access import Tenant, found, problems, router
from alerting.rule_service.faults import raise_fault
from alerting.rule_service.pagination import Page, Paging, page_of, refuse_cursor
from alerting.rule_service.store import audit
from alerting.rule_service.store import notifications as store
from alerting.rule_service.store.where import Where
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import Body, Text
from alerting.runtime.auth import Principal
from alerting.runtime.database import AsyncConnection, Row
from alerting.runtime.problem import Problem

routes = router("notifications")

MOST_RESENT: Final = 10_000
"""How many notifications one request may have sent again."""

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
    """Also the idempotency key, and the `webhook-id`, of its requests."""
    endpoint_id: str
    type: str
    value: str
    status: Literal["PENDING", "DELIVERED", "FAILED", "EXPIRED"]
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


class NotificationDetail(Notification):
    """A notification with everything that is known of it."""

    context: dict[str, str]
    deliveries: list[Delivery]
    """At most 500."""
    deliveries_truncated: bool


class NotificationFilter(Body):
    """Which notifications; `from` and `to` bound the time of their making, `to` itself excluded."""

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


class NotificationFilters(Paging, NotificationFilter):
    """Which notifications to list."""


class Count(BaseModel):
    """How many there are."""

    count: int
    more: bool
    """Whether there are more than that."""


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


@routes.get("/notifications")
async def list_notifications(
    caller: Tenant, database: Database, filters: Annotated[NotificationFilters, Query()]
) -> Page[Notification]:
    """List notifications, the newest first."""
    before = _uuid(filters.after("notifications"))
    async with database.read() as connection:
        rows = await store.page(connection, filters.where(caller.client_id), before, filters.limit)
    return page_of(Notification, "notifications", rows, filters.limit)


@routes.get("/notifications/count")
async def count_notifications(
    caller: Tenant, database: Database, filters: Annotated[NotificationFilter, Query()]
) -> Count:
    """Count notifications, to a bound."""
    async with database.read() as connection:
        number = await store.count(connection, filters.where(caller.client_id), MOST_RESENT + 1)
    return Count(count=min(number, MOST_RESENT), more=number > MOST_RESENT)


@routes.post("/notifications/resend", status_code=202, responses=problems(409, 413))
async def resend_notifications(caller: Tenant, database: Database, body: ResendMany) -> Resent:
    """Send again what did not arrive of all notifications that a filter finds, if they are as many as expected."""
    async with database.write() as connection:
        ids = await store.ids(connection, body.filter.where(caller.client_id), MOST_RESENT + 1)
        if len(ids) != body.expected or len(ids) > MOST_RESENT:
            found_ = f"more than {MOST_RESENT}" if len(ids) > MOST_RESENT else str(len(ids))
            raise_fault(409, "expected", f"the filter finds {found_} notifications")
        numbers = await resend(connection, ids, "undelivered")
        detail = {"filter": body.filter.model_dump(mode="json", exclude_none=True), "notifications": len(numbers)}
        await audit.write(connection, caller.key_id, "resent", "notification", "*", caller.client_id, detail)
    return Resent(notifications=len(numbers), deliveries=numbers.total())


@routes.post("/notifications/{notification_id}/resend", status_code=202, responses=problems(404, 409, 413))
async def resend_notification(
    caller: Tenant, database: Database, notification_id: str, body: Resend | None = None
) -> Resent:
    """Send a notification again: what did not arrive, and to endpoints that its rules have by now."""
    async with database.write() as connection:
        row = found(await _find(connection, notification_id, caller), "notification")
        which = (body or Resend()).deliveries
        numbers = await resend(connection, [str(row["id"])], which)
        if not numbers:
            raise Problem(409, "there is nothing to send: all of it has arrived, or its rules have no enabled endpoint")
        detail = {"deliveries": which}
        await audit.write(connection, caller.key_id, "resent", "notification", str(row["id"]), row["client_id"], detail)
    return Resent(notifications=1, deliveries=numbers.total())


@routes.get("/notifications/{notification_id}", responses=problems(404))
async def get_notification(caller: Tenant, database: Database, notification_id: str) -> NotificationDetail:
    """Return a notification with its deliveries and their attempts."""
    async with database.read() as connection:
        row = found(await _find(connection, notification_id, caller), "notification")
        deliveries = await store.deliveries(connection, row["id"])
    return _detail(row, deliveries)


async def _find(connection: AsyncConnection, notification_id: str, caller: Principal) -> Row | None:
    try:
        wanted = UUID(notification_id)
    except ValueError:
        return None
    return await store.find(connection, wanted, caller.client_id)


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
