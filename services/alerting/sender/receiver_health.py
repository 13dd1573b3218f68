"""How receivers fare, kept in the table of receivers: since when one fails, and whether there is hope."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from psycopg.rows import tuple_row

from alerting.runtime.database import AsyncConnection
from alerting.sender.delivery import Address, Result

HOPELESS_DAYS: Final = 5
HOPELESS_ATTEMPTS: Final = 20
"""So many days, and so many attempts, of nothing but failure, and a receiver is asked no more."""

Cause = Literal["gone", "failing"]

# In the order of their ids, so that two senders cannot wait for each other.
_FAILED: Final = """
    INSERT INTO receivers AS known
        (id, client_id, type, value, failing_since, failures, last_failure_at, last_error, open_until)
    SELECT
        id, client_id, type, value, now(), failures, now(), error,
        CASE WHEN open_for > 0 THEN now() + open_for * interval '1 second' END
    FROM unnest(
        %b::text[]::uuid[], %b::text[], %b::text[], %b::text[], %b::int[], %b::text[], %b::float8[]
    ) AS r (id, client_id, type, value, failures, error, open_for)
    ORDER BY id
    ON CONFLICT (id) DO UPDATE SET
        failing_since = coalesce(known.failing_since, now()),
        failures = known.failures + excluded.failures,
        last_failure_at = now(),
        last_error = excluded.last_error,
        open_until = coalesce(excluded.open_until, known.open_until)
    RETURNING id::text, failures >= %b::int AND failing_since <= now() - %b::int * interval '1 day'
"""

# Most receivers have no row, so this mostly finds nothing; whoever is locked works on the same row and will be done.
_RECOVERED: Final = """
    UPDATE receivers SET failing_since = NULL, failures = 0, open_until = NULL
    WHERE id IN (
        SELECT id FROM receivers WHERE id = ANY(%b::text[]::uuid[]) AND failing_since IS NOT NULL ORDER BY id FOR UPDATE
    )
"""


class Hopeless(NamedTuple):
    """A receiver that is to be asked no more, and why."""

    address: Address
    cause: Cause
    error: str


@dataclass(slots=True)
class Health:
    """What a batch of results says about one receiver."""

    recovered: bool = False
    """It has taken something."""
    failures: int = 0
    """Attempts that failed since."""
    error: str = ""
    open_for: float = 0.0
    gone: bool = False


def health_of(results: Iterable[Result]) -> dict[Address, Health]:
    """Return what results, in their order, say about the receivers that they are of."""
    receivers: dict[Address, Health] = {}
    for result in results:
        attempted = result.attempted
        if attempted is None or attempted.ours:
            continue
        health = receivers.setdefault(result.delivery.address, Health())
        if result.status == "DELIVERED":
            health.recovered, health.failures, health.open_for = True, 0, 0.0
        else:
            health.failures += 1
            health.error = result.error or ""
            health.open_for = attempted.open_for or health.open_for
            health.gone = health.gone or attempted.gone
    return receivers


async def record_health(connection: AsyncConnection, results: Sequence[Result]) -> list[Hopeless]:
    """Write it down, and return the receivers that have to be given up."""
    receivers = health_of(results)
    async with connection.cursor(row_factory=tuple_row) as cursor:
        recovered = sorted(address.id for address, health in receivers.items() if health.recovered)
        if recovered:
            await cursor.execute(_RECOVERED, [recovered], prepare=False)
        failed = {address.id: (address, health) for address, health in receivers.items() if health.failures}
        if not failed:
            return []
        columns = [
            list(failed),
            *([address[place] for address, _ in failed.values()] for place in range(len(Address._fields))),
            [health.failures for _, health in failed.values()],
            [health.error for _, health in failed.values()],
            [health.open_for for _, health in failed.values()],
        ]
        await cursor.execute(_FAILED, [*columns, HOPELESS_ATTEMPTS, HOPELESS_DAYS], prepare=False)
        rows = await cursor.fetchall()
    hopeless = []
    for receiver_id, is_hopeless in rows:
        address, health = failed[receiver_id]
        if health.gone or is_hopeless:
            hopeless.append(Hopeless(address, "gone" if health.gone else "failing", health.error))
    return hopeless
