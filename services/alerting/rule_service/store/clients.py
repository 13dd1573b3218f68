"""The table clients."""

from collections.abc import Mapping
from typing import Any

from psycopg import sql

from alerting.rule_service.store.where import Where
from alerting.runtime.database import AsyncConnection, Row


async def page(connection: AsyncConnection, enabled: bool | None, after: str | None, limit: int) -> list[Row]:
    """Return at most one more than `limit` clients, by id."""
    where = Where({"enabled": enabled}).add("id", ">", after)
    query = sql.SQL("SELECT * FROM clients {} ORDER BY id LIMIT %(most)s").format(where.clause)
    cursor = await connection.execute(query, where.params | {"most": limit + 1})
    return await cursor.fetchall()


async def find(connection: AsyncConnection, client_id: str, *, lock: bool = False) -> Row | None:
    """Return a client; with `lock`, nobody else changes it until the transaction ends."""
    query = "SELECT * FROM clients WHERE id = %s"
    cursor = await connection.execute(query + " FOR UPDATE" if lock else query, (client_id,))
    return await cursor.fetchone()


async def insert(connection: AsyncConnection, client_id: str, name: str, *, enabled: bool) -> Row | None:
    """Add a client and return it; None when the id is taken."""
    query = """
        INSERT INTO clients (id, name, enabled) VALUES (%s, %s, %s) ON CONFLICT (id) DO NOTHING RETURNING *
    """
    cursor = await connection.execute(query, (client_id, name, enabled))
    return await cursor.fetchone()


async def update(connection: AsyncConnection, client: Mapping[str, Any]) -> Row | None:
    """Write a client's name and whether it is enabled, and return it with its next version."""
    query = """
        UPDATE clients SET name = %(name)s, enabled = %(enabled)s, version = version + 1, updated_at = now()
        WHERE id = %(id)s RETURNING *
    """
    cursor = await connection.execute(query, client)
    return await cursor.fetchone()


async def delete(connection: AsyncConnection, client_id: str) -> bool:
    """Remove a client that has no rules, and revoke its keys; return False when it has some."""
    cursor = await connection.execute(
        "DELETE FROM clients WHERE id = %(id)s AND NOT EXISTS (SELECT FROM rules WHERE client_id = %(id)s)",
        {"id": client_id},
    )
    if not cursor.rowcount:
        return False
    # A key must not open what a later client of the same id will have.
    await connection.execute(
        "UPDATE api_keys SET revoked_at = now() WHERE scope = %s AND revoked_at IS NULL", (f"client:{client_id}",)
    )
    return True
