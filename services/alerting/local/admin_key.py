"""The first admin key: made once, kept in a file that only its owner reads."""

import asyncio
import os
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from alerting.rule_service.store import keys
from alerting.runtime.auth import hash_key, new_key
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncConnection, postgres_errors


def admin_key(settings: Settings, file: Path) -> str:
    """Return the key in the file; make one when there is none, or the database does not know it."""
    return asyncio.run(_admin_key(settings.postgres_dsn.get_secret_value(), file))


async def _admin_key(dsn: str, file: Path) -> str:
    with postgres_errors():
        async with await AsyncConnection.connect(dsn, row_factory=dict_row, connect_timeout=5) as connection:
            kept = file.read_text().strip() if file.exists() else ""
            if kept and await _is_valid(connection, kept):
                return kept
            made = new_key()
            await keys.create(connection, made, name="alerting up", scope="admin", expires_at=None, actor="cli")
    # Written after the commit: a key in the file is a key that works.
    _write_private(file, made.key + "\n")
    return made.key


async def _is_valid(connection: psycopg.AsyncConnection[dict[str, object]], key: str) -> bool:
    query = """
        SELECT FROM api_keys WHERE key_hash = %s AND scope = 'admin' AND revoked_at IS NULL
            AND (expires_at IS NULL OR expires_at > now())
    """
    cursor = await connection.execute(query, (hash_key(key),))
    return cursor.rowcount == 1


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write(text)
