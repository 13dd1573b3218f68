"""``/api/v1/notifications``: what clients were told of, and how each delivery went."""

from collections import Counter
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from alerting.deliveries.resend import HeldBack, held_back, resend
from alerting.rule_service.access import Tenant, found, problems, router
from alerting.rule_service.faults import raise_fault
from alerting.rule_service.notification_answers import answer_detail, answer_page
from alerting.rule_service.notification_requests import (
    MOST_RESENT,
    NotificationDetail,
    NotificationFilter,
    NotificationFilters,
    NotificationPage,
    Resend,
    ResendMany,
    Resent,
)
from alerting.rule_service.pagination import Count, refuse_cursor
from alerting.rule_service.store import audit, notification_lists
from alerting.rule_service.store import notifications as store
from alerting.rule_service.transactions import Database
from alerting.runtime.auth import Principal
from alerting.runtime.database import AsyncConnection, Row
from alerting.runtime.problem import Problem

routes = router("notifications")

NotificationPathId = Annotated[str, Path(description="The notification's id.")]


@routes.get("/notifications", response_description="A page of the notifications")
async def list_notifications(
    caller: Tenant, database: Database, filters: Annotated[NotificationFilters, Query()]
) -> NotificationPage:
    """List notifications, the newest first."""
    before = _uuid(filters.after("notifications"))
    async with database.read() as connection:
        listed = await notification_lists.page(connection, filters.wanted(caller.client_id), before, filters.limit)
    return answer_page(listed, filters.limit)


@routes.get("/notifications/count", response_description="How many there are")
async def count_notifications(
    caller: Tenant, database: Database, filters: Annotated[NotificationFilter, Query()]
) -> Count:
    """Count notifications, to a bound."""
    async with database.read() as connection:
        counted = await notification_lists.count(connection, filters.wanted(caller.client_id), MOST_RESENT)
    return Count(count=counted.number, more=counted.more)


@routes.post(
    "/notifications/resend",
    status_code=202,
    responses=problems(409, 413),
    response_description="What is due to be sent",
)
async def resend_notifications(caller: Tenant, database: Database, body: ResendMany) -> Resent:
    """Send again what did not arrive of all notifications that a filter finds, if they are as many as expected."""
    async with database.write() as connection:
        ids = await notification_lists.ids(connection, body.filter.wanted(caller.client_id), MOST_RESENT + 1)
        if len(ids) != body.expected or len(ids) > MOST_RESENT:
            found_ = f"more than {MOST_RESENT}" if len(ids) > MOST_RESENT else str(len(ids))
            raise_fault(409, "expected", f"the filter finds {found_} notifications")
        numbers = await resend(connection, ids, "undelivered")
        which = body.filter.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        detail = {"filter": which, "notifications": len(numbers)}
        await audit.write(connection, caller.key_id, "resent", "notification", "*", caller.client_id, detail)
        return _resent(numbers, await held_back(connection, numbers))


@routes.post(
    "/notifications/{notification_id}/resend",
    status_code=202,
    responses=problems(404, 409, 413),
    response_description="What is due to be sent",
)
async def resend_notification(
    caller: Tenant, database: Database, notification_id: NotificationPathId, body: Resend | None = None
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
        return _resent(numbers, await held_back(connection, numbers))


@routes.get("/notifications/{notification_id}", responses=problems(404), response_description="The notification")
async def get_notification(
    caller: Tenant, database: Database, notification_id: NotificationPathId
) -> NotificationDetail:
    """Return a notification with the rules that matched, its deliveries and their attempts."""
    async with database.read() as connection:
        row = found(await _find(connection, notification_id, caller), "notification")
        rules = await store.matched_rules(connection, row)
        deliveries = await store.deliveries(connection, row["id"])
    return answer_detail(row, rules, deliveries)


def _resent(numbers: Counter[str], held: HeldBack) -> Resent:
    return Resent(
        notifications=len(numbers),
        deliveries=numbers.total(),
        held_back=held.deliveries,
        held_back_until=held.until,
    )


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
