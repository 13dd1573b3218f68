"""Lists of rules, and how many endpoints each of them has."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from alerting.rule_service.sorting import Listing
from alerting.rule_service.store import listing as lists
from alerting.runtime.database import AsyncConnection, Row

# From what matches all to what matters most; an index has the same.
SEVERITY_RANK: Final = "array_position(ARRAY['*', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], {})"

_RULES: Final = lists.Table(
    name="rules",
    columns="*",
    texts="lower(' ' || id || ' ' || source || ' ' || name || ' ' || description)",
    leads={"name": "{}", "source": "{}", "client_id": "{}", "severity": SEVERITY_RANK},
    words=("source", "name"),
)

_COUNTS: Final = """
    SELECT
        e.rule_id AS id,
        count(*) AS total,
        count(*) FILTER (WHERE e.enabled) AS enabled,
        count(*) FILTER (WHERE e.enabled AND EXISTS (
            SELECT FROM receivers r
            WHERE r.id = md5(e.client_id || ' ' || e.type || ' ' || e.value)::uuid AND r.failing_since IS NOT NULL
        )) AS failing
    FROM endpoints e WHERE e.rule_id = ANY(%s) GROUP BY e.rule_id
"""
_NONE: Final = {"total": 0, "enabled": 0, "failing": 0}


async def page(
    connection: AsyncConnection, equal: Mapping[str, Any], search: str | None, listing: Listing
) -> list[Row]:
    """Return at most one more rule than the listing's limit."""
    rows = await lists.page(connection, _RULES, lists.Filter(equal, search), listing)
    return await with_endpoints(connection, rows)


async def count(connection: AsyncConnection, equal: Mapping[str, Any], search: str | None, most: int) -> int:
    """Return how many rules there are, `most` at most."""
    return await lists.count(connection, _RULES, lists.Filter(equal, search), most)


async def with_endpoints(connection: AsyncConnection, rules: Sequence[Row]) -> list[Row]:
    """Return rules with how many endpoints they have, and how many of them are enabled, and fail."""
    cursor = await connection.execute(_COUNTS, ([rule["id"] for rule in rules],))
    counts = {row.pop("id"): row for row in await cursor.fetchall()}
    return [rule | {"endpoints": counts.get(rule["id"], _NONE)} for rule in rules]
