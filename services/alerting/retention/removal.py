"""One batch of old notifications, removed in one transaction."""

from datetime import timedelta
from typing import Final, NamedTuple

from alerting.runtime.database import AsyncConnection, Row

FIRST: Final = "00000000-0000-0000-0000-000000000000"
"""Comes before all ids."""

# An id begins with the millisecond that it was made at, so the primary key is read from its old end, and no other index
# has to be kept for this. When a notification was recorded is what counts: by the database's clock, not by that of
# whoever made the id. A batch is what was looked at, so that many that may not go cost no more than others.
_LOOK: Final = """
    WITH moment AS (
        SELECT now() - %(keep)s::interval AS until
    ), seen AS MATERIALIZED (
        SELECT id, created_at, status FROM notifications, moment
        WHERE id > %(after)s::uuid AND id < (
            rpad(lpad(to_hex((extract(epoch FROM until) * 1000)::bigint), 12, '0'), 32, '0')
        )::uuid
        ORDER BY id LIMIT %(batch)s
    )
    SELECT
        count(*) AS seen,
        (SELECT id::text FROM seen ORDER BY id DESC LIMIT 1) AS last,
        coalesce(array_agg(id) FILTER (WHERE created_at < until AND status <> 'RECEIVED'), '{}') AS old
    FROM seen, moment
"""

# Whoever sends, or is asked to send again, holds the notification. It is busy then, and comes next time.
_LOCK: Final = """
    SELECT id FROM notifications WHERE id = ANY(%(old)s) AND status <> 'RECEIVED'
    ORDER BY id FOR UPDATE SKIP LOCKED
"""
