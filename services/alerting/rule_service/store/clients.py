"""The table clients."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from alerting.rule_service.sorting import Listing
from alerting.rule_service.store import listing as lists
from alerting.runtime.database import AsyncConnection, Row

_CLIENTS: Final = lists.Table(
    name="clients",
    columns="id, name, enabled, version, created_at, updated_at",
    texts="lower(' ' || id || ' ' || name)",
    leads={},
)

_COUNTS: Final = """
    SELECT wanted.id, rules.number AS rules, failing.number AS endpoints_failing
    FROM unnest(%(ids)s::text[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT count(*) AS number FROM (
                SELECT FROM rules WHERE client_id = wanted.id LIMIT %(most)s
            ) AS counted
        ) AS rules
        CROSS JOIN LATERAL (
            SELECT count(*) AS number
            FROM receivers r JOIN endpoints e
                ON e.client_id = r.client_id AND e.type = r.type AND md5(e.value) = md5(r.value) AND e.enabled
            WHERE r.client_id = wanted.id AND r.failing_since IS NOT NULL
        ) AS failing
"""


async def page(
    connection: AsyncConnection, equal: Mapping[str, Any], search: str | None, listing: Listing
) -> list[Row]:
    """Return at most one more client than the listing's limit."""
    return await lists.page(connection, _CLIENTS, lists.Filter(equal, search), listing)


async def with_counts(connection: AsyncConnection, clients: Sequence[Row], most: int) -> list[Row]:
    """Return clients with how many rules they have, `most` at most, and how many enabled endpoints that fail."""
    cursor = await connection.execute(_COUNTS, {"ids": [client["id"] for client in clients], "most": most + 1})
    counts = {row["id"]: row for row in await cursor.fetchall()}
    for row in counts.values():
        row |= {"rules": min(row["rules"], most), "rules_more": row["rules"] > most}
    return [client | counts[client["id"]] for client in clients]


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
