"""Which of a client's rules match some of the alerts that a pattern matches."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from alerting.rule_service.store.rule_lists import with_endpoints
from alerting.runtime.database import AsyncConnection, Row

_FIELDS: Final = ("severity", "source", "name")


def _all(condition: Callable[[str], str]) -> str:
    return " AND ".join(condition(field) for field in _FIELDS)


# A pattern's own wildcard makes the part about it true before anything is planned, and its index is then another one.
_SAME: Final = _all(lambda field: f"{field} = %({field})s")
_WIDER: Final = _all(lambda field: f"{field} IN (%({field})s, '*')")
_NARROWER: Final = _all(lambda field: f"(%({field})s::text = '*' OR {field} = %({field})s)")
_CROSSING: Final = _all(lambda field: f"(%({field})s::text = '*' OR {field} IN (%({field})s, '*'))")

_RELATIONS: Final = {
    "same": _SAME,
    "wider": f"{_WIDER} AND NOT ({_SAME})",
    "narrower": f"{_NARROWER} AND NOT ({_SAME})",
    "crossing": f"{_CROSSING} AND NOT ({_WIDER}) AND NOT ({_NARROWER})",
}

# Each is bounded by itself: there may be a million of one kind, and one of another.
_OVERLAPPING: Final = " UNION ALL ".join(
    f"""(
        SELECT *, '{relation}' AS relation, {place} AS place FROM rules
        WHERE client_id = %(client_id)s AND id IS DISTINCT FROM %(exempt)s AND {condition} LIMIT %(most)s
    )"""  # made of the constants above  # noqa: S608
    for place, (relation, condition) in enumerate(_RELATIONS.items())
)
_QUERY: Final = f"SELECT * FROM ({_OVERLAPPING}) AS overlapping ORDER BY place, id LIMIT %(most)s"  # noqa: S608


async def overlapping(connection: AsyncConnection, pattern: Mapping[str, Any], most: int) -> list[Row]:
    """Return at most `most` rules with their `relation` to a pattern: the same, the wider, the narrower, the others."""
    cursor = await connection.execute(_QUERY.encode(), {**pattern, "most": most}, prepare=False)
    return await with_endpoints(connection, await cursor.fetchall())
