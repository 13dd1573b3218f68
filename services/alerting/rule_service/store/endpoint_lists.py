"""Lists of endpoints, with the rule that each belongs to and how its receiver fares; their secrets are not read."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from psycopg import sql

from alerting.deliveries.shown import shown_address
from alerting.rule_service.sorting import Listing
from alerting.rule_service.store import listing as lists
from alerting.rule_service.store.endpoints import SELECT
from alerting.runtime.database import AsyncConnection, Row

_ENDPOINTS: Final = lists.Table(
    name="endpoints",
    columns="""
        id, rule_id, client_id, type, value, enabled, disabled_reason, retry_profile, retry_delays, max_age, fallback,
        version, created_at, updated_at
    """,
    texts="lower(' ' || id || ' ' || rule_id || ' ' || value)",
    leads={"client_id": "{}", "type": "{}"},
    few=frozenset({"rule_id"}),
    shown="""
        SELECT listed.*, rule.rule, fares.*
        FROM ({page}) AS listed
            CROSS JOIN LATERAL (
                SELECT jsonb_build_object('severity', severity, 'source', source, 'name', name) AS rule
                FROM rules WHERE rules.id = listed.rule_id
            ) AS rule
            LEFT JOIN LATERAL (
                SELECT
                    failing_since, failures, last_failure_at, last_error,
                    CASE WHEN open_until > now() THEN open_until END AS open_until
                FROM receivers r
                WHERE r.id = md5(listed.client_id || ' ' || listed.type || ' ' || listed.value)::uuid
            ) AS fares ON true
        ORDER BY {order}
    """,
)

# Few addresses fail, so one begins with them.
_FAILING: Final = """
    id IN (
        SELECT e.id FROM receivers r JOIN endpoints e
            ON e.client_id = r.client_id AND e.type = r.type AND md5(e.value) = md5(r.value)
        WHERE r.failing_since IS NOT NULL
    )
"""
_OPEN: Final = _FAILING.replace("IS NOT NULL", "IS NOT NULL AND r.open_until > now()")
_HEALTH: Final = {
    "ok": sql.SQL(f"enabled AND NOT {_FAILING.strip()}"),
    "failing": sql.SQL(f"enabled AND {_FAILING.strip()}"),
    "open": sql.SQL(f"enabled AND {_OPEN.strip()}"),
    "disabled": sql.SQL("NOT enabled"),
}

_OF_RULES: Final = f"""
    SELECT shown.* FROM unnest(%s::text[]) AS wanted (id) CROSS JOIN LATERAL (
        {SELECT} WHERE e.rule_id = wanted.id ORDER BY e.fallback, e.id LIMIT %s
    ) AS shown
"""  # made of a constant  # noqa: S608


async def page(
    connection: AsyncConnection, equal: Mapping[str, Any], search: str | None, listing: Listing
) -> list[Row]:
    """Return at most one more endpoint than the listing's limit."""
    rows = await lists.page(connection, _ENDPOINTS, _filter(equal, search), listing)
    return [masked(row) for row in rows]


async def count(connection: AsyncConnection, equal: Mapping[str, Any], search: str | None, most: int) -> int:
    """Return how many endpoints there are, `most` at most."""
    return await lists.count(connection, _ENDPOINTS, _filter(equal, search), most)


async def of_rules(connection: AsyncConnection, rule_ids: Sequence[str], most: int) -> dict[str, list[Row]]:
    """Return at most so many endpoints of each rule, its fallbacks last."""
    cursor = await connection.execute(_OF_RULES.encode(), (list(rule_ids), most))
    endpoints: dict[str, list[Row]] = {rule_id: [] for rule_id in rule_ids}
    for row in await cursor.fetchall():
        endpoints[row["rule_id"]].append(masked(row))
    return endpoints


def masked(row: Row) -> Row:
    """Return an endpoint with as much of its value as everybody may see."""
    return {name: value for name, value in row.items() if name != "value"} | {
        "shown": shown_address(row["type"], row["value"])
    }


def _filter(equal: Mapping[str, Any], search: str | None) -> lists.Filter:
    health = equal.get("health")
    columns = {name: value for name, value in equal.items() if name != "health"}
    return lists.Filter(columns, search, (_HEALTH[health],) if health else ())
