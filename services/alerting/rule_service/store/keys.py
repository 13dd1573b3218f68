"""The table api_keys. A key itself is never in it, only its hash, and the hash never leaves it here."""

from datetime import datetime
from typing import Any

from psycopg import sql

from alerting.rule_service.store import audit
from alerting.rule_service.store.where import Where
from alerting.runtime.auth import NewKey
from alerting.runtime.database import AsyncConnection, Row
from alerting.runtime.ids import new_id

_SHOWN = sql.SQL("id, name, prefix, scope, created_at, expires_at, last_used_at, revoked_at")


class UnknownClient(Exception):
    """A key was asked for a client that is not there."""


class AlreadyExpired(Exception):
    """A key was asked for that ends before it begins."""


async def page(connection: AsyncConnection, scope: str | None, after: str | None, limit: int) -> list[Row]:
    """Return at most one more than `limit` keys, revoked ones too, in the order of their making."""
    where = Where({"scope": scope}).add("id", ">", after)
    query = sql.SQL("SELECT {} FROM api_keys {} ORDER BY id LIMIT %(most)s").format(_SHOWN, where.clause)
    cursor = await connection.execute(query, where.params | {"most": limit + 1})
    return await cursor.fetchall()


async def find(connection: AsyncConnection, key_id: str) -> Row | None:
    """Return what is known of a key."""
    cursor = await connection.execute(sql.SQL("SELECT {} FROM api_keys WHERE id = %s").format(_SHOWN), (key_id,))
    return await cursor.fetchone()


async def create(
    connection: AsyncConnection, key: NewKey, *, name: str, scope: str, expires_at: datetime | None, actor: str
) -> Row:
    """Add a key, in a transaction, and return what is known of it.

    Raises
    ------
    UnknownClient
        The scope names a client that is not there: a later client of that id must not find a key waiting for it.
    AlreadyExpired
        It would be of no use.
    """
    if expires_at is not None:
        cursor = await connection.execute("SELECT FROM clock_timestamp() AS at WHERE at < %s", (expires_at,))
        if not cursor.rowcount:
            raise AlreadyExpired
    client_id = scope.partition(":")[2] or None
    if client_id is not None:
        cursor = await connection.execute("SELECT FROM clients WHERE id = %s FOR KEY SHARE", (client_id,))
        if not cursor.rowcount:
            raise UnknownClient
    query = sql.SQL("""
        INSERT INTO api_keys (id, name, prefix, key_hash, scope, expires_at)
        VALUES (%s, %s, %s, %s, %s, %s) RETURNING {}
    """).format(_SHOWN)
    values = (new_id(), name, key.prefix, key.key_hash, scope, expires_at)
    cursor = await connection.execute(query, values)
    (row,) = await cursor.fetchall()
    detail: dict[str, Any] = {"name": name, "scope": scope, "expires_at": expires_at}
    await audit.write(connection, actor, "created", "key", row["id"], client_id, detail)
    return row


async def revoke(connection: AsyncConnection, key_id: str, actor: str) -> bool:
    """Revoke a key, in a transaction; return whether there is such a key. Twice is the same as once."""
    cursor = await connection.execute(
        "UPDATE api_keys SET revoked_at = now() WHERE id = %s AND revoked_at IS NULL RETURNING scope", (key_id,)
    )
    row = await cursor.fetchone()
    if row is None:
        return await find(connection, key_id) is not None
    client_id = row["scope"].partition(":")[2] or None
    await audit.write(connection, actor, "revoked", "key", key_id, client_id, {"scope": row["scope"]})
    return True
