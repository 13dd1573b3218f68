"""One delivery to one endpoint, attempted once, to see what its receiver answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from psycopg import AsyncConnection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from alerting.deliveries.plan import ADDRESS_HASH, DELIVERY_ID

SOURCE: Final = "alerting"
NAME: Final = "EndpointTest"

EXPIRES_AFTER: Final = 60
"""Seconds after which nobody waits for the answer any more."""

# As if a delivery had been attempted so often already: more than any schedule has repetitions, so that the first
# failure is its end. A receiver would get the test again otherwise, when whoever made it has long looked elsewhere.
_ATTEMPTS_SPENT: Final = 1_000

# Of no rule: when a delivery of a rule fails, the rule's fallback is told, which is not to be woken by a test.
_NOTIFICATION: Final = """
    INSERT INTO notifications
        (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids, rules_version)
    VALUES (
        %(id)s::text::uuid, %(client_id)s, 'endpoint-test:' || %(id)s::text, 'LOW', %(source)s, %(name)s, %(context)s,
        now(), '{}', 0
    )
"""

# Due for longer than anything else can be: a person waits.
_DELIVERY: Final = f"""
    WITH target AS (
        SELECT n.id, n.client_id, e.id AS endpoint_id, {ADDRESS_HASH} AS hash
        FROM notifications n JOIN endpoints e ON e.client_id = n.client_id
        WHERE n.id = %(id)s AND e.id = %(endpoint)s
    )
    INSERT INTO deliveries
        (id, notification_id, endpoint_id, client_id, type, value, expires_at, next_attempt_at, attempts_before)
    SELECT
        {DELIVERY_ID}, n.id, e.id, n.client_id, e.type, e.value, now() + %(expires)s * interval '1 second',
        now() - interval '30 days', -%(spent)s::integer
    FROM target n JOIN endpoints e ON e.id = n.endpoint_id
    RETURNING id::text
"""  # made of constants  # noqa: S608

_LOOK: Final = """
    SELECT
        d.status, d.leased_until > now() AS leased, d.next_attempt_at > d.created_at AS put_off, r.open_until,
        a.attempt, a.started_at, a.latency_ms, a.status_code, a.error, a.response
    FROM deliveries d
        LEFT JOIN receivers r
            ON r.id = md5(d.client_id || ' ' || d.type || ' ' || d.value)::uuid AND r.open_until > now()
        LEFT JOIN delivery_attempts a ON a.delivery_id = d.id AND a.attempt = 1
    WHERE d.id = %s
"""

Status = Literal["PENDING", "DELIVERED", "FAILED", "EXPIRED"]


class Trial(NamedTuple):
    """What is known of the delivery."""

    status: Status
    attempt: Mapping[str, Any] | None
    leased: bool
    """A sender has it."""
    put_off: bool
    """A sender had it, and it was not its turn."""
    open_until: datetime | None
    """Until when its receiver is left alone, because so many attempts failed."""


async def begin_trial(
    connection: AsyncConnection[DictRow], notification_id: str, endpoint: Mapping[str, Any], about: str
) -> str:
    """Make a notification with one delivery, within the connection's transaction; return the delivery's id."""
    context = {"about": about, "endpoint": endpoint["id"], "rule": endpoint["rule_id"]}
    given = {"id": notification_id, "client_id": endpoint["client_id"], "source": SOURCE, "name": NAME}
    await connection.execute(_NOTIFICATION, given | {"context": Jsonb(context)})
    delivery = {"id": notification_id, "endpoint": endpoint["id"], "expires": EXPIRES_AFTER, "spent": _ATTEMPTS_SPENT}
    cursor = await connection.execute(_DELIVERY.encode(), delivery)
    (row,) = await cursor.fetchall()
    return str(row["id"])


async def look_at_trial(connection: AsyncConnection[DictRow], delivery_id: str) -> Trial:
    """Return how it goes."""
    cursor = await connection.execute(_LOOK, (delivery_id,))
    (row,) = await cursor.fetchall()
    attempt = row if row["attempt"] is not None else None
    return Trial(row["status"], attempt, bool(row["leased"]), bool(row["put_off"]), row["open_until"])
