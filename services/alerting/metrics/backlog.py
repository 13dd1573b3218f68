"""What waits in PostgreSQL: deliveries for a sender, and versions of the rules for the broker."""

from typing import Final, NamedTuple

from alerting.metrics.question import asking
from alerting.runtime.database import AsyncPool

MOST_DELIVERIES: Final = 100_000
MOST_CHANGES: Final = 10_000

# The partial indexes hold only what is not finished, in this order: what is due for longest is always among it. A trial
# of an endpoint is made due for thirty days; it waits since it was made.
_DELIVERIES: Final = """
    SELECT
        count(*) FILTER (WHERE leased) AS leased,
        count(*) FILTER (WHERE NOT leased AND due_at <= now()) AS due,
        count(*) FILTER (WHERE NOT leased AND due_at > now()) AS put_off,
        coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE NOT leased)), 0)::float8 AS overdue
    FROM (
        SELECT coalesce(leased_until > now(), false) AS leased, greatest(next_attempt_at, created_at) AS due_at
        FROM deliveries WHERE status = 'PENDING' ORDER BY next_attempt_at LIMIT %(most)s
    ) AS waiting
"""
_OUTBOX: Final = """
    SELECT count(*) AS changes, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest
    FROM (SELECT created_at FROM rule_changes WHERE published_at IS NULL ORDER BY version LIMIT %(most)s) AS waiting
"""


class Backlog(NamedTuple):
    """How much waits, and for how long."""

    due: int
    """Deliveries that nobody has, and that should be attempted."""
    leased: int
    put_off: int
    overdue: float
    """Seconds that the delivery which is due for longest waits."""
    changes: int
    """Versions of the rules that are not published."""
    oldest_change: float
    """Seconds that the oldest of them waits."""


class BacklogReader:
    """Asks the database, for `timeout` seconds at most."""

    def __init__(self, pool: AsyncPool, *, timeout: float) -> None:
        self._pool = pool
        self._timeout = timeout

    async def read(self) -> Backlog:
        """Return what waits now.

        Raises
        ------
        Unavailable
            The database does not answer in time.
        """
        async with asking(self._pool, self._timeout) as connection:
            (waiting,) = await (await connection.execute(_DELIVERIES, {"most": MOST_DELIVERIES})).fetchall()
            (outbox,) = await (await connection.execute(_OUTBOX, {"most": MOST_CHANGES})).fetchall()
        return Backlog(
            waiting["due"],
            waiting["leased"],
            waiting["put_off"],
            max(0.0, waiting["overdue"]),
            outbox["changes"],
            max(0.0, outbox["oldest"]),
        )
