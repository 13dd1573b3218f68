"""The table sessions. A token itself is never in it, only its hash."""

from typing import Final

from alerting.runtime.database import AsyncConnection, Row
from alerting.runtime.session import IDLE, MOST

MOST_PER_KEY: Final = 100
_MOST_REMOVED: Final = 1_000


async def create(connection: AsyncConnection, token_hash: bytes, key_id: str) -> Row | None:
    """Add a session, in a transaction, and return when it and its cookie end; None when the key has ended."""
    query = """
        INSERT INTO sessions (token_hash, key_id, expires_at)
        SELECT %(hash)s, id, now() + %(idle)s FROM api_keys
        WHERE id = %(key)s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
        RETURNING (SELECT LEAST(%(most)s, expires_at - now()) FROM api_keys WHERE id = %(key)s) AS lifetime
    """
    cursor = await connection.execute(query, {"hash": token_hash, "key": key_id, "idle": IDLE, "most": MOST})
    return await cursor.fetchone()


async def find(connection: AsyncConnection, token_hash: bytes) -> Row | None:
    """Return a session that has not ended: whose it is, and until when."""
    query = """
        SELECT key.id AS key_id, key.name, key.scope, client.name AS client_name,
               LEAST(session.expires_at, key.expires_at) AS expires_at
        FROM sessions AS session
        JOIN api_keys AS key ON key.id = session.key_id
        LEFT JOIN clients AS client ON starts_with(key.scope, 'client:') AND client.id = substr(key.scope, 8)
        WHERE session.token_hash = %s AND session.expires_at > now()
              AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now())
    """
    cursor = await connection.execute(query, (token_hash,))
    return await cursor.fetchone()


async def end(connection: AsyncConnection, token_hash: bytes) -> None:
    """Remove a session, if there is one."""
    await connection.execute("DELETE FROM sessions WHERE token_hash = %s", (token_hash,))


async def tidy(connection: AsyncConnection, key_id: str) -> None:
    """Remove what is over, so much at a time, and of the key's sessions all but the newest hundred."""
    expired = """
        DELETE FROM sessions WHERE token_hash IN (
            SELECT token_hash FROM sessions WHERE expires_at <= now()
            ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED
        )
    """
    await connection.execute(expired, (_MOST_REMOVED,))
    too_many = """
        DELETE FROM sessions WHERE token_hash IN (
            SELECT token_hash FROM sessions WHERE token_hash IN (
                SELECT token_hash FROM sessions WHERE key_id = %s
                ORDER BY created_at DESC, token_hash OFFSET %s LIMIT %s
            ) FOR UPDATE SKIP LOCKED
        )
    """
    await connection.execute(too_many, (key_id, MOST_PER_KEY, _MOST_REMOVED))
