"""Deliveries that are due and nobody's: taken for a time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from psycopg.rows import tuple_row

from alerting.deliveries.plan import ENDPOINT
from alerting.deliveries.schedule import Profile
from alerting.runtime.database import AsyncPool, postgres_errors
from alerting.sender.delivery import Alert, Delivery, Result

# One statement decides who has a delivery: the row's lock keeps others off until the lease is written. Whom it is for
# is what its client's endpoints say now: the address may have been taken away, or be tried more patiently.
_CLAIM: Final = f"""
    WITH due AS MATERIALIZED (
        SELECT id FROM deliveries
        WHERE status = 'PENDING' AND next_attempt_at <= now() AND (leased_until IS NULL OR leased_until <= now())
        ORDER BY next_attempt_at LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE deliveries d SET leased_until = now() + %(lease)s * interval '1 second'
        FROM due WHERE d.id = due.id
        RETURNING d.*
    )
    SELECT
        n.id::text, n.client_id, n.alert_id, n.severity, n.source, n.name, n.context::text, n.event_at, n.rule_ids,
        n.rules_version, d.id::text, d.type, d.value, d.attempts, d.attempts_before, d.leased_until,
        d.expires_at <= now(), n.traceparent, {ENDPOINT}
    FROM claimed d
        JOIN notifications n ON n.id = d.notification_id
        LEFT JOIN LATERAL (
            SELECT * FROM endpoints
            WHERE client_id = d.client_id AND type = d.type AND md5(value) = md5(d.value) AND enabled
            ORDER BY id = d.endpoint_id DESC, id LIMIT 1
        ) AS e ON true
"""  # made of a constant  # noqa: S608


class Claim(NamedTuple):
    """What was taken."""

    deliveries: list[Delivery]
    """To be attempted."""
    ended: list[Result]
    """Those that are too old, or whose address is none of their client's any more."""


class Claims:
    """The table of deliveries as a queue."""

    def __init__(self, pool: AsyncPool, *, lease: float, delays: Mapping[Profile, Sequence[float]]) -> None:
        self._pool = pool
        self._lease = lease
        self._delays = delays

    async def claim(self, most: int) -> Claim:
        """Take at most so many, those first that are due for longest.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        with postgres_errors():
            async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
                await cursor.execute(_CLAIM.encode(), {"most": most, "lease": self._lease}, prepare=False)
                rows = await cursor.fetchall()
        claim = Claim([], [])
        for row in rows:
            delivery, expired, addressed = self._delivery(row)
            if expired:
                claim.ended.append(Result(delivery, "EXPIRED", error="it could not be delivered in time"))
            elif not addressed:
                claim.ended.append(
                    Result(delivery, "FAILED", error="no enabled endpoint of the client has this address any more")
                )
            else:
                claim.deliveries.append(delivery)
        return claim

    def _delivery(self, row: Sequence[Any]) -> tuple[Delivery, bool, bool]:
        notification_id, client_id, *fields = row[:8]
        rule_ids, rules_version, delivery_id, kind, value, attempts, before, lease, expired, traceparent = row[8:18]
        secrets, delays = endpoint_of(row[18:], self._delays)
        delivery = Delivery(
            delivery_id,
            notification_id,
            client_id,
            kind,
            value,
            attempts + 1,
            Alert(*fields),
            rule_ids,
            rules_version,
            secrets,
            lease,
            delays,
            attempts - before,
            waited=True,
            traceparent=traceparent,
        )
        return delivery, expired, row[20] is not None


def endpoint_of(
    row: Sequence[Any], delays: Mapping[Profile, Sequence[float]]
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the secrets and the delays that an endpoint's columns, in the order of `ENDPOINT`, say."""
    secret, previous, profile, own = row
    secrets = tuple(each for each in (secret, previous) if each)
    return secrets, tuple(own if profile == "custom" else delays.get(profile, ()))
