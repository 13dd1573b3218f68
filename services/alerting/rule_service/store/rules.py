"""The table rules."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from alerting.runtime.database import AsyncConnection, Row

_COLUMNS = ("id", "client_id", "severity", "source", "name", "description", "enabled")


async def find(connection: AsyncConnection, rule_id: str, tenant: str | None, *, keep: bool = False) -> Row | None:
    """Return a rule, and whether its client is enabled; with `keep`, nobody deletes it until the transaction ends."""
    query = """
        SELECT rules.*, clients.enabled AS client_enabled FROM rules JOIN clients ON clients.id = rules.client_id
        WHERE rules.id = %(id)s AND (%(tenant)s::text IS NULL OR rules.client_id = %(tenant)s)
    """
    cursor = await connection.execute(
        query + " FOR KEY SHARE OF rules" if keep else query, {"id": rule_id, "tenant": tenant}
    )
    return await cursor.fetchone()


async def find_same(connection: AsyncConnection, rule: Mapping[str, Any]) -> Row | None:
    """Return the client's other rule for the same severity, source and name."""
    query = """
        SELECT id FROM rules WHERE client_id = %(client_id)s AND severity = %(severity)s AND source = %(source)s
                               AND name = %(name)s AND id <> %(id)s
    """
    cursor = await connection.execute(query, rule)
    return await cursor.fetchone()


async def find_taken(connection: AsyncConnection, rules: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return which of the rules (`item`, from 0) are there: of the same id (`by_id`), or for the same alerts."""
    query = """
        SELECT wanted.item - 1 AS item, rules.id, rules.client_id, rules.id = wanted.id AS by_id
        FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
             WITH ORDINALITY AS wanted (id, client_id, severity, source, name, item)
        CROSS JOIN LATERAL (
            SELECT id, client_id FROM rules WHERE id = wanted.id
            UNION
            SELECT id, client_id FROM rules WHERE (client_id, severity, source, name)
                = (wanted.client_id, wanted.severity, wanted.source, wanted.name)
        ) AS rules
        ORDER BY item, by_id DESC LIMIT 100
    """
    columns = [[rule[name] for rule in rules] for name in _COLUMNS[:5]]
    cursor = await connection.execute(query, columns)
    return await cursor.fetchall()


async def insert(connection: AsyncConnection, rules: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Add rules and return them in their order."""
    query = """
        INSERT INTO rules (id, client_id, severity, source, name, description, enabled)
        SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::boolean[])
        RETURNING *
    """
    cursor = await connection.execute(query, [[rule[name] for rule in rules] for name in _COLUMNS])
    rows = {row["id"]: row for row in await cursor.fetchall()}
    return [rows[rule["id"]] for rule in rules]


async def update(connection: AsyncConnection, rule: Mapping[str, Any]) -> Row | None:
    """Write a rule and return it with its next version."""
    query = """
        UPDATE rules SET severity = %(severity)s, source = %(source)s, name = %(name)s, description = %(description)s,
                         enabled = %(enabled)s, version = version + 1, updated_at = now()
        WHERE id = %(id)s RETURNING *
    """
    cursor = await connection.execute(query, rule)
    return await cursor.fetchone()


async def delete(connection: AsyncConnection, rule_id: str) -> None:
    """Remove a rule and its endpoints."""
    await connection.execute("DELETE FROM rules WHERE id = %s", (rule_id,))


async def enabled_of_client(connection: AsyncConnection, client_id: str, size: int) -> AsyncIterator[list[Row]]:
    """Yield a client's enabled rules, `size` at a time; there may be millions."""
    after = ""
    query = "SELECT * FROM rules WHERE client_id = %s AND enabled AND id > %s ORDER BY id LIMIT %s"
    while True:
        cursor = await connection.execute(query, (client_id, after, size))
        rows = await cursor.fetchall()
        if rows:
            yield rows
        if len(rows) < size:
            return
        after = rows[-1]["id"]
