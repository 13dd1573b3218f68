"""One batch of old notifications, removed in one transaction."""

from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from alerting.runtime.database import AsyncConnection

FIRST: Final = UUID(int=0)
"""Comes before all ids."""

# An id begins with the millisecond that it was made at, so the primary key is read from its old end, and no other index
# has to be kept for this. What counts is when a notification was recorded, by the database's clock. A batch is what was
# looked at, so that many that must stay cost no more than others.
_LOOK: Final = """
    SELECT id, status <> 'RECEIVED' AND created_at < now() - %(keep)s::interval AS old
    FROM notifications
    WHERE id > %(after)s AND id < rpad(lpad(to_hex(
        greatest(extract(epoch FROM now() - %(keep)s::interval) * 1000, 0)::bigint
    ), 12, '0'), 32, '0')::uuid
    ORDER BY id LIMIT %(batch)s
"""

# Whoever plans, records or sends again holds the notification: it is in use, and its turn comes another time.
_LOCK: Final = """
    SELECT id FROM notifications WHERE id = ANY(%(old)s) AND status <> 'RECEIVED'
    ORDER BY id FOR UPDATE SKIP LOCKED
"""

# A statement of its own, so that it sees what was committed before the lock was got. Deliveries and attempts go by
# their foreign keys: to remove them first takes nearly three times as long, for the keys are looked at all the same. A
# CASE, so that it is not all that is PENDING which is read, to be compared with these few.
_REMOVE: Final = """
    DELETE FROM notifications n
    WHERE id = ANY(%(locked)s) AND NOT EXISTS (
        SELECT FROM deliveries d
        WHERE d.notification_id = n.id AND CASE d.status WHEN 'PENDING' THEN true ELSE false END
    )
"""

# Who waits for a row that is about to go waits for no longer, and VACUUM for what this still sees. And the planner is
# not to sort all that is old, or to read whole tables, however little it knows of them.
_SETTINGS: Final = """
    SELECT
        set_config('statement_timeout', '10s', true),
        set_config('enable_sort', 'off', true),
        set_config('enable_seqscan', 'off', true)
"""


class Batch(NamedTuple):
    """What was done."""

    seen: int
    last: UUID
    """The id of the last one that was looked at."""
    removed: int


async def remove_batch(connection: AsyncConnection, *, keep: timedelta, after: UUID, most: int) -> Batch:
    """Look at the first notifications behind an id, and remove those that were recorded so long ago and are finished.

    One that waits for a plan or has a delivery that is not finished stays, however old it is.

    Raises
    ------
    psycopg.errors.QueryCanceled
        It took too long, and nothing was removed.
    """
    async with connection.transaction():
        await connection.execute(_SETTINGS)
        look = {"keep": keep, "after": after, "batch": most}
        rows = await (await connection.execute(_LOOK, look, prepare=False)).fetchall()
        old = [row["id"] for row in rows if row["old"]]
        removed = await _remove(connection, old) if old else 0
    return Batch(len(rows), rows[-1]["id"] if rows else after, removed)


async def _remove(connection: AsyncConnection, old: list[UUID]) -> int:
    rows = await (await connection.execute(_LOCK, {"old": old}, prepare=False)).fetchall()
    cursor = await connection.execute(_REMOVE, {"locked": [row["id"] for row in rows]}, prepare=False)
    return cursor.rowcount
