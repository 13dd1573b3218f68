"""Rows of notifications as they are answered."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from alerting.deliveries.shown import shown_address
from alerting.rule_service.notification_requests import Notification, NotificationDetail, NotificationPage
from alerting.rule_service.pagination import encode
from alerting.rule_service.store.notification_lists import Listed
from alerting.rule_service.store.notifications import MOST_DELIVERIES
from alerting.runtime.database import Row
from alerting.runtime.traceparent import trace_id


def answer_page(listed: Listed, limit: int) -> NotificationPage:
    """Return a page of rows, of which there is one more than `limit` when there is another page."""
    items = [Notification.model_validate(row | {"deliveries": row["delivery_counts"]}) for row in listed.rows[:limit]]
    if len(listed.rows) > limit:
        return NotificationPage(items=items, next_cursor=_cursor(items[-1].id), looked_back_to=None)
    if listed.looked_back_to is None:
        return NotificationPage(items=items, next_cursor=None, looked_back_to=None)
    reached = listed.looked_back_to
    return NotificationPage(items=items, next_cursor=_cursor(reached), looked_back_to=_time_of(reached))


def answer_detail(row: Row, rules: Sequence[Row], deliveries: Sequence[Row]) -> NotificationDetail:
    """Return a notification with the rules that matched, and its deliveries."""
    traceparent = row["traceparent"]
    more: dict[str, Any] = {
        "trace_id": None if traceparent is None else trace_id(traceparent),
        "rules": rules,
        "deliveries": [_delivery(delivery) for delivery in deliveries[:MOST_DELIVERIES]],
        "deliveries_truncated": len(deliveries) > MOST_DELIVERIES,
    }
    return NotificationDetail.model_validate(row | more)


def _delivery(row: Row) -> Row:
    waits = row["status"] == "PENDING"
    shown = shown_address(row["type"], row["value"])
    return row | {"shown": shown, "next_attempt_at": row["next_attempt_at"] if waits else None}


def _cursor(last: UUID) -> str:
    return encode("notifications", str(last))


def _time_of(notification_id: UUID) -> datetime:
    # The first 48 bits of a UUID of version 7 are milliseconds.
    return datetime.fromtimestamp((notification_id.int >> 80) / 1_000, UTC)
