"""What became of deliveries, written down: each attempt, its delivery, and its notification's status, together."""

from collections.abc import Sequence
from typing import Any, Final

from alerting.deliveries.plan import plan_fallbacks
from alerting.runtime.database import AsyncConnection, AsyncPool, postgres_errors
from alerting.sender.delivery import Result
from alerting.sender.receiver_health import Hopeless, record_health

# Two senders that record the last deliveries of one notification would each see the other's as pending. So they take
# turns: a statement that begins after the lock was got sees what the one before has committed. In one order, so that
# they cannot wait for each other.
_LOCK: Final = """
    SELECT FROM notifications WHERE id = ANY(%b::text[]::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""

# A result counts while the delivery is still leased to who writes it: of one that comes late, only the good news does.
# It is said as a CASE because the planner knows that nearly all deliveries are DELIVERED, takes the others for few, and
# would begin with reading all of them.
_RECORD: Final = """
    WITH recorded AS (
        UPDATE deliveries d SET
            status = r.status,
            attempts = CASE WHEN r.made THEN greatest(d.attempts, r.attempt) ELSE d.attempts END,
            next_attempt_at = least(now() + r.delay * interval '1 second', d.expires_at),
            leased_until = NULL,
            last_status = CASE WHEN r.made THEN r.code ELSE d.last_status END,
            last_error = CASE WHEN r.made OR r.error IS NOT NULL THEN r.error ELSE d.last_error END,
            configuration_error = CASE WHEN r.made THEN r.configuration ELSE d.configuration_error END,
            delivered_at = CASE WHEN r.status = 'DELIVERED' THEN now() END
        FROM unnest(
            %b::text[]::uuid[], %b::timestamptz[], %b::int[], %b::text[], %b::float8[], %b::text[], %b::bool[],
            %b::bool[], %b::float8[], %b::float8[], %b::int[], %b::text[]
        ) AS r (
            id, lease, attempt, status, delay, error, configuration,
            made, started_at, seconds, code, response
        )
        WHERE d.id = r.id AND
              CASE WHEN d.status = 'DELIVERED' THEN false
                   WHEN r.status = 'DELIVERED' THEN true
                   ELSE d.leased_until = r.lease END
        RETURNING d.id, r.made, r.attempt, r.started_at, r.seconds, r.code, r.error, r.response
    )
    INSERT INTO delivery_attempts (delivery_id, attempt, started_at, latency_ms, status_code, error, response)
    SELECT id, attempt, to_timestamp(started_at), seconds * 1000, code, error, response FROM recorded WHERE made
    ON CONFLICT DO NOTHING
"""

_FINISH: Final = """
    UPDATE notifications n SET status = sent.status, finished_at = now()
    FROM (
        SELECT
            notification_id,
            CASE WHEN bool_and(status = 'DELIVERED') THEN 'SENT'
                 WHEN bool_or(status = 'DELIVERED') THEN 'PARTIAL'
                 ELSE 'FAILED' END AS status
        FROM deliveries WHERE notification_id = ANY(%b::text[]::uuid[])
        GROUP BY notification_id HAVING bool_and(status <> 'PENDING')
    ) AS sent
    WHERE n.id = sent.notification_id AND n.status <> sent.status
"""


class Records:
    """Writes results."""

    def __init__(self, pool: AsyncPool) -> None:
        self._pool = pool

    async def write(self, results: Sequence[Result]) -> list[Hopeless]:
        """Record results, all or none; again is harmless. Return the receivers that are to be asked no more.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        with postgres_errors():
            async with self._pool.connection() as connection, connection.transaction():
                async with connection.pipeline():
                    await _record(connection, results)
                return await record_health(connection, results)


async def _record(connection: AsyncConnection, results: Sequence[Result]) -> None:
    ended = [list({result.delivery.notification_id for result in results if result.status != "PENDING"})]
    lost = [result.delivery.id for result in results if result.status in {"FAILED", "EXPIRED"}]
    await connection.execute(_LOCK, ended, prepare=False)
    await connection.execute(_RECORD, _columns(results), prepare=False)
    if lost:
        await plan_fallbacks(connection, lost)
    await connection.execute(_FINISH, ended, prepare=False)


def _columns(results: Sequence[Result]) -> list[list[Any]]:
    attempts = [result.attempted for result in results]
    return [
        [result.delivery.id for result in results],
        [result.delivery.lease for result in results],
        [result.delivery.attempt for result in results],
        [result.status for result in results],
        [float(result.delay) for result in results],
        [result.error for result in results],
        [result.configuration for result in results],
        [each is not None for each in attempts],
        [each.started_at if each else None for each in attempts],
        [each.seconds if each else None for each in attempts],
        [each.code if each else None for each in attempts],
        [each.response if each else None for each in attempts],
    ]
