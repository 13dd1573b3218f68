"""The table endpoints, with how their receivers fare; their secrets are read by nobody here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from alerting.runtime.database import AsyncConnection, Row

SELECT = """
    SELECT
        e.id, e.rule_id, e.client_id, e.type, e.value, e.enabled, e.disabled_reason, e.retry_profile, e.retry_delays,
        e.max_age, e.fallback, e.version, e.created_at, e.updated_at,
        r.failing_since, r.failures, r.last_failure_at, r.last_error,
        CASE WHEN r.open_until > now() THEN r.open_until END AS open_until
    FROM endpoints e LEFT JOIN receivers r ON r.id = md5(e.client_id || ' ' || e.type || ' ' || e.value)::uuid
"""

# Whoever adds endpoints of one client, or moves them, does it alone: they agree on the secret of an address.
_ADDRESSES = 7_221_804


async def find(connection: AsyncConnection, endpoint_id: str, tenant: str | None, *, lock: bool = False) -> Row | None:
    """Return an endpoint; with `lock`, nobody else changes it until the transaction ends."""
    query = f"{SELECT} WHERE e.id = %(id)s AND (%(tenant)s::text IS NULL OR e.client_id = %(tenant)s)"
    query += " FOR UPDATE OF e" if lock else ""
    cursor = await connection.execute(query.encode(), {"id": endpoint_id, "tenant": tenant})
    return await cursor.fetchone()


async def find_all(connection: AsyncConnection, endpoint_ids: Sequence[str]) -> list[Row]:
    """Return endpoints in the order of their ids here."""
    query = f"{SELECT} WHERE e.id = ANY(%(ids)s) ORDER BY array_position(%(ids)s::text[], e.id)"
    cursor = await connection.execute(query.encode(), {"ids": list(endpoint_ids)})
    return await cursor.fetchall()


async def find_same(connection: AsyncConnection, endpoint: Mapping[str, Any]) -> Row | None:
    """Return the rule's endpoint of the same type and value."""
    query = "SELECT id FROM endpoints WHERE rule_id = %(rule_id)s AND type = %(type)s AND value = %(value)s"
    cursor = await connection.execute(query, endpoint)
    return await cursor.fetchone()


async def insert(connection: AsyncConnection, client_id: str, endpoints: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Add endpoints of a client; return the secrets that are new, by the endpoint's id."""
    await _lock_addresses(connection, client_id)
    query = """
        INSERT INTO endpoints
            (id, rule_id, client_id, type, value, enabled, retry_profile, retry_delays, max_age, fallback)
        SELECT * FROM json_to_recordset(%s::json) AS given (
            id text, rule_id text, client_id text, type text, value text, enabled boolean, retry_profile text,
            retry_delays double precision[], max_age integer, fallback boolean
        )
        RETURNING id, secret
    """
    cursor = await connection.execute(query, [orjson.dumps(list(endpoints)).decode()])
    secrets = {row["id"]: row["secret"] for row in await cursor.fetchall()}
    for shared in await _share_secrets(connection, list(secrets)):
        del secrets[shared]
    return secrets


async def update(connection: AsyncConnection, endpoint: Mapping[str, Any]) -> None:
    """Write what may change of an endpoint, under its next version."""
    await _lock_addresses(connection, endpoint["client_id"])
    query = """
        UPDATE endpoints SET
            value = %(value)s, enabled = %(enabled)s, retry_profile = %(retry_profile)s,
            retry_delays = %(retry_delays)s, max_age = %(max_age)s, fallback = %(fallback)s,
            disabled_reason = CASE WHEN %(enabled)s THEN NULL ELSE disabled_reason END,
            version = version + 1, updated_at = now()
        WHERE id = %(id)s
    """
    await connection.execute(query, endpoint)
    await _share_secrets(connection, [endpoint["id"]])


async def forget_failures(connection: AsyncConnection, endpoint: Mapping[str, Any]) -> None:
    """Begin anew with an address that somebody says works again."""
    query = "DELETE FROM receivers WHERE id = md5(%(client_id)s || ' ' || %(type)s || ' ' || %(value)s)::uuid"
    await connection.execute(query, endpoint)


async def rotate_secret(
    connection: AsyncConnection, endpoint: Mapping[str, Any], secret: str, keep_old_for: int
) -> datetime:
    """Replace the secret of all the client's endpoints with an address; return until when the old one is good."""
    await _lock_addresses(connection, endpoint["client_id"])
    query = """
        UPDATE endpoints SET
            previous_secret = secret, previous_secret_until = now() + %(keep)s * interval '1 second',
            secret = %(secret)s,
            version = version + 1, updated_at = now()
        WHERE client_id = %(client_id)s AND type = %(type)s AND md5(value) = md5(%(value)s)
        RETURNING previous_secret_until
    """
    cursor = await connection.execute(query, {**endpoint, "secret": secret, "keep": keep_old_for})
    rows = await cursor.fetchall()
    until: datetime = rows[0]["previous_secret_until"]
    return until


async def delete(connection: AsyncConnection, endpoint_id: str) -> None:
    """Remove an endpoint; what was sent to it stays on record."""
    await connection.execute("DELETE FROM endpoints WHERE id = %s", (endpoint_id,))


async def _lock_addresses(connection: AsyncConnection, client_id: str) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_ADDRESSES, client_id))


async def _share_secrets(connection: AsyncConnection, endpoint_ids: Sequence[str]) -> list[str]:
    """Give these endpoints the secret that another with their address has; return those that it was given to."""
    query = """
        UPDATE endpoints e SET
            secret = known.secret, previous_secret = known.previous_secret,
            previous_secret_until = known.previous_secret_until
        FROM (
            SELECT DISTINCT ON (mine.id) mine.id AS mine_id, other.*
            FROM endpoints mine JOIN endpoints other
                ON other.client_id = mine.client_id AND other.type = mine.type AND md5(other.value) = md5(mine.value)
            WHERE mine.id = ANY(%(ids)s)
            ORDER BY mine.id, other.id = ANY(%(ids)s), other.id
        ) AS known
        WHERE e.id = known.mine_id AND known.id <> e.id
        RETURNING e.id
    """
    cursor = await connection.execute(query, {"ids": list(endpoint_ids)})
    return [row["id"] for row in await cursor.fetchall()]
