"""The table endpoints."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import sql

from alerting.rule_service.store.where import Where
from alerting.runtime.database import AsyncConnection, Row

_COLUMNS = ("id", "rule_id", "client_id", "type", "value", "enabled")


async def page(connection: AsyncConnection, rule_id: str, after: str | None, limit: int) -> list[Row]:
    """Return at most one more than `limit` endpoints of a rule, by id."""
    where = Where({"rule_id": rule_id}).add("id", ">", after)
    query = sql.SQL("SELECT * FROM endpoints {} ORDER BY id LIMIT %(most)s").format(where.clause)
    cursor = await connection.execute(query, where.params | {"most": limit + 1})
    return await cursor.fetchall()


async def find(connection: AsyncConnection, endpoint_id: str, tenant: str | None, *, lock: bool = False) -> Row | None:
    """Return an endpoint; with `lock`, nobody else changes it until the transaction ends."""
    query = "SELECT * FROM endpoints WHERE id = %(id)s AND (%(tenant)s::text IS NULL OR client_id = %(tenant)s)"
    cursor = await connection.execute(query + " FOR UPDATE" if lock else query, {"id": endpoint_id, "tenant": tenant})
    return await cursor.fetchone()


async def find_same(connection: AsyncConnection, endpoint: Mapping[str, Any]) -> Row | None:
    """Return the rule's endpoint of the same type and value."""
    query = "SELECT id FROM endpoints WHERE rule_id = %(rule_id)s AND type = %(type)s AND value = %(value)s"
    cursor = await connection.execute(query, endpoint)
    return await cursor.fetchone()


async def insert(connection: AsyncConnection, endpoints: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Add endpoints and return them, in no order."""
    query = """
        INSERT INTO endpoints (id, rule_id, client_id, type, value, enabled)
        SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::boolean[])
        RETURNING *
    """
    cursor = await connection.execute(query, [[endpoint[name] for endpoint in endpoints] for name in _COLUMNS])
    return await cursor.fetchall()


async def update(connection: AsyncConnection, endpoint: Mapping[str, Any]) -> Row | None:
    """Write an endpoint's value and whether it is enabled, and return it with its next version."""
    query = """
        UPDATE endpoints SET value = %(value)s, enabled = %(enabled)s, version = version + 1, updated_at = now()
        WHERE id = %(id)s RETURNING *
    """
    cursor = await connection.execute(query, endpoint)
    return await cursor.fetchone()


async def delete(connection: AsyncConnection, endpoint_id: str) -> None:
    """Remove an endpoint; what was sent to it stays on record."""
    await connection.execute("DELETE FROM endpoints WHERE id = %s", (endpoint_id,))
