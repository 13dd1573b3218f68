"""Sends notifications again: what did not arrive, or all of it, and to endpoints that were added since."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from alerting.deliveries.plan import MAX_AGE, plan_deliveries

Which = Literal["undelivered", "all"]

# Whoever records deliveries of these notifications takes the same locks first, in the same order.
_LOCK: Final = "SELECT FROM notifications WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE"

# The same delivery under the same key: a receiver that has had it after all may leave it. One that is being attempted
# now is left alone; one that waits for its next attempt has it now. What no endpoint has any more is not sent there.
_AGAIN: Final = f"""
    UPDATE deliveries d SET
        status = 'PENDING', next_attempt_at = now(), leased_until = NULL, delivered_at = NULL,
        configuration_error = false, attempts_before = d.attempts,
        expires_at = now() + {MAX_AGE} * interval '1 second'
    FROM endpoints e
    WHERE d.notification_id = ANY(%(ids)s::uuid[])
          AND (
              d.status IN ('FAILED', 'EXPIRED')
              OR d.status = 'DELIVERED' AND %(all)s
              OR d.status = 'PENDING' AND (d.leased_until IS NULL OR d.leased_until <= now())
          )
          AND e.id = (
              SELECT id FROM endpoints
              WHERE client_id = d.client_id AND type = d.type AND md5(value) = md5(d.value) AND enabled
              ORDER BY id = d.endpoint_id DESC, id LIMIT 1
          )
    RETURNING d.notification_id::text
"""  # made of a constant  # noqa: S608

_REOPEN: Final = """
    UPDATE notifications SET status = 'RECEIVED', finished_at = NULL
    WHERE id = ANY(%(ids)s::uuid[]) AND status <> 'RECEIVED'
"""


# What was made due in this transaction, which all have its time.
_HELD_BACK: Final = """
    SELECT count(*), max(r.open_until)
    FROM deliveries d
        JOIN receivers r ON r.id = md5(d.client_id || ' ' || d.type || ' ' || d.value)::uuid AND r.open_until > now()
    WHERE d.notification_id = ANY(%s::uuid[]) AND d.status = 'PENDING' AND d.next_attempt_at = now()
"""


class HeldBack(NamedTuple):
    """Deliveries that are due, and whose receivers are left alone because so much failed there."""

    deliveries: int
    until: datetime | None
    """When the last of them is asked again."""


async def resend(connection: AsyncConnection[Any], notification_ids: Sequence[str], which: Which) -> Counter[str]:
    """Have notifications sent again, within the connection's transaction.

    Return how many deliveries are due now, by the notification's id; of a notification that has none, there is nothing
    to send, or no endpoint to send it to. The senders look for what is due all the time.
    """
    given = {"ids": list(notification_ids), "all": which == "all"}
    await connection.execute(_LOCK, given)
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_AGAIN.encode(), given)
        due = await cursor.fetchall() + await plan_deliveries(cursor, list(notification_ids))
    numbers = Counter(row[0] for row in due)
    await connection.execute(_REOPEN, {"ids": list(numbers)})
    return numbers


async def held_back(connection: AsyncConnection[Any], notification_ids: Iterable[str]) -> HeldBack:
    """Return how much of what was made due in the connection's transaction has to wait, and until when."""
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_HELD_BACK, [list(notification_ids)])
        (row,) = await cursor.fetchall()
    return HeldBack(*row)
