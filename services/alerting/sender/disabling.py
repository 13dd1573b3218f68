"""Endpoints whose receiver is to be asked no more: disabled, and never silently."""

from collections.abc import Callable, Sequence
from typing import Final

import structlog
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from alerting.deliveries.plan import plan_notice
from alerting.deliveries.shown import shown_address
from alerting.runtime.database import AsyncConnection, AsyncPool, postgres_errors
from alerting.runtime.telemetry import ENDPOINTS_DISABLED
from alerting.sender.receiver_health import HOPELESS_DAYS, Hopeless

_log = structlog.get_logger(__name__)

_REASONS: Final = {
    "gone": "the receiver answered 410 Gone",
    "failing": f"nothing but failures for {HOPELESS_DAYS} days: {{error}}",
}

_DISABLE: Final = """
    UPDATE endpoints SET enabled = false, disabled_reason = %(reason)s, version = version + 1, updated_at = now()
    WHERE id IN (
        SELECT id FROM endpoints
        WHERE client_id = %(client_id)s AND type = %(type)s AND md5(value) = md5(%(value)s) AND enabled
        ORDER BY id FOR UPDATE
    )
    RETURNING id, rule_id
"""

_AUDIT: Final = """
    INSERT INTO audit_log (actor, action, subject, subject_id, client_id, detail)
    SELECT 'sender', 'disabled', 'endpoint', id, %s, %s FROM unnest(%s::text[]) AS disabled (id)
"""

# The client is told as of any other alert, by a notification of its own.
_NOTIFY: Final = """
    INSERT INTO notifications
        (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids, rules_version)
    VALUES (%s, %s, %s, 'HIGH', 'alerting', 'EndpointDisabled', %s, now(), %s, 0)
"""


class Disabling:
    """Disables endpoints."""

    def __init__(self, pool: AsyncPool, new_id: Callable[[], str]) -> None:
        self._pool = pool
        self._new_id = new_id

    async def disable(self, hopeless: Sequence[Hopeless]) -> None:
        """Disable the endpoints of these receivers, each once, and tell their clients by another of their endpoints.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        for receiver in hopeless:
            with postgres_errors():
                async with self._pool.connection() as connection, connection.transaction():
                    number = await self._disable(connection, receiver)
            ENDPOINTS_DISABLED.labels(receiver.cause).inc(number)

    async def _disable(self, connection: AsyncConnection, receiver: Hopeless) -> int:
        address = receiver.address
        reason = _REASONS[receiver.cause].format(error=receiver.error)
        async with connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(_DISABLE, {**address._asdict(), "reason": reason})
            disabled = await cursor.fetchall()
        if not disabled:
            return 0
        endpoint_ids = sorted(endpoint_id for endpoint_id, _ in disabled)
        rule_ids = sorted({rule_id for _, rule_id in disabled})
        detail = {"reason": reason, "cause": receiver.cause}
        await connection.execute(_AUDIT, (address.client_id, Jsonb(detail), endpoint_ids))
        # What else a URL has in it may be a secret of the endpoint that is not to be told to another.
        to = shown_address(address.type, address.value)
        context = {"type": address.type, "to": to, "reason": reason, "endpoints": " ".join(endpoint_ids)}
        notification_id = self._new_id()
        alert_id = f"endpoint-disabled:{notification_id}"
        given = (notification_id, address.client_id, alert_id, Jsonb(context), rule_ids)
        await connection.execute(_NOTIFY, given)
        await plan_notice(connection, notification_id)
        _log.warning("endpoints disabled", client_id=address.client_id, endpoint_ids=endpoint_ids, reason=reason)
        return len(disabled)
