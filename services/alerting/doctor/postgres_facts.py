"""What is asked of PostgreSQL."""

import time
from typing import Any, Final, LiteralString

import psycopg

from alerting.doctor.answer import ask
from alerting.doctor.facts import Connections, Key, Migrations, PostgresFacts, Server, Skew, Vacuum, Waiting
from alerting.runtime.config import Settings
from alerting.runtime.migrate import LOCK, known_migrations

Connection = psycopg.Connection[tuple[Any, ...]]

# A question that takes longer is a burden for a database in trouble, and the others wait behind it.
_OPTIONS: Final = "-c statement_timeout=4s -c lock_timeout=1s -c default_transaction_read_only=on -c timezone=UTC"
_CONNECT_SECONDS: Final = 5

_SERVER: Final[LiteralString] = """
    SELECT current_setting('server_version_num')::int / 10000, current_user, current_database(),
           rolsuper, pg_is_in_recovery()
    FROM pg_roles WHERE rolname = current_user
"""
_UNUSABLE: Final[LiteralString] = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname !~ 'yoyo'
          AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
                   AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))
    ORDER BY relname
"""
_EXTENSIONS: Final[LiteralString] = """
    SELECT wanted FROM unnest(ARRAY['pg_trgm', 'btree_gin']) AS wanted
    WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = wanted)
"""
_LOCKED: Final[LiteralString] = """
    SELECT EXISTS (
        SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE locktype = 'advisory' AND granted AND objid = %s AND datname = current_database()
    )
"""
_CONNECTIONS: Final[LiteralString] = """
    SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
           current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
"""
_BLOATED: Final[LiteralString] = """
    SELECT relname FROM pg_stat_user_tables
    WHERE n_dead_tup > 100000 AND n_dead_tup > 0.3 * n_live_tup ORDER BY n_dead_tup DESC LIMIT 5
"""
_OLDEST: Final[LiteralString] = """
    SELECT extract(epoch FROM now() - created_at)::float8 / 86400
    FROM notifications WHERE status <> 'RECEIVED' ORDER BY id LIMIT 1
"""
_OUTBOX: Final[LiteralString] = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8
    FROM (SELECT created_at FROM rule_changes WHERE published_at IS NULL ORDER BY version LIMIT 10001) AS found
"""
_OVERDUE: Final[LiteralString] = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(next_attempt_at)), 0)::float8 FROM (
        SELECT next_attempt_at FROM deliveries
        WHERE status = 'PENDING' AND next_attempt_at < now() - interval '1 minute'
              AND (leased_until IS NULL OR leased_until < now())
        ORDER BY next_attempt_at LIMIT 10001
    ) AS found
"""
_UNPLANNED: Final[LiteralString] = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 FROM (
        SELECT created_at FROM notifications n
        WHERE status = 'RECEIVED' AND created_at < now() - interval '5 minutes'
              AND NOT EXISTS (SELECT FROM deliveries d WHERE d.notification_id = n.id)
        ORDER BY created_at LIMIT 10001
    ) AS found
"""
_KEYS: Final[LiteralString] = """
    SELECT id, name, scope, expires_at, coalesce(last_used_at > now() - interval '30 days', false) FROM api_keys
    WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
    ORDER BY scope, expires_at DESC NULLS FIRST LIMIT 5000
"""


def look(settings: Settings, facts: PostgresFacts) -> None:
    """Ask the database everything, one question after the other.

    Raises
    ------
    psycopg.Error
        It does not let us in.
    """
    dsn = settings.postgres_dsn.get_secret_value()
    with psycopg.connect(
        dsn, autocommit=True, connect_timeout=_CONNECT_SECONDS, options=_OPTIONS, application_name="alerting doctor"
    ) as connection:
        facts.server = ask(lambda: _server(connection))
        facts.skew = ask(lambda: _skew(connection))
        facts.connections = ask(lambda: Connections(*_row(connection, _CONNECTIONS)))
        facts.migrations = ask(lambda: _migrations(connection))
        facts.missing_extensions = ask(lambda: _column(connection, _EXTENSIONS))
        facts.unusable_tables = ask(lambda: _column(connection, _UNUSABLE))
        facts.vacuum = ask(lambda: _vacuum(connection))
        facts.keys = ask(lambda: [Key(*row) for row in connection.execute(_KEYS).fetchall()])
        facts.rules_version = ask(lambda: int(_row(connection, "SELECT version FROM rules_version")[0]))
        facts.outbox = ask(lambda: Waiting(*_row(connection, _OUTBOX)))
        facts.overdue = ask(lambda: Waiting(*_row(connection, _OVERDUE)))
        facts.unplanned = ask(lambda: Waiting(*_row(connection, _UNPLANNED)))
        facts.mail_endpoints = ask(lambda: bool(_row(connection, _MAIL)[0]))
        facts.oldest_days = ask(lambda: _oldest_days(connection))


_MAIL: Final[LiteralString] = "SELECT EXISTS (SELECT FROM endpoints WHERE type = 'email' AND enabled)"


def _server(connection: Connection) -> Server:
    version, role, database, superuser, copy = _row(connection, _SERVER)
    host = connection.info.host
    return Server(version, role, database, host, connection.pgconn.ssl_in_use, superuser, copy)


def _skew(connection: Connection) -> Skew:
    before = time.time()
    (there,) = _row(connection, "SELECT extract(epoch FROM clock_timestamp())::float8")
    after = time.time()
    return Skew(there - (before + after) / 2, (after - before) / 2)


def _migrations(connection: Connection) -> Migrations:
    under_way = bool(_row(connection, _LOCKED, LOCK)[0])
    (there,) = _row(connection, "SELECT to_regclass('_yoyo_migration') IS NOT NULL")
    applied = _column(connection, "SELECT migration_id FROM _yoyo_migration ORDER BY 1") if there else []
    return Migrations(known_migrations(), applied, under_way)


def _vacuum(connection: Connection) -> Vacuum:
    (on,) = _row(connection, "SELECT current_setting('autovacuum')::bool")
    return Vacuum(bool(on), _column(connection, _BLOATED))


def _oldest_days(connection: Connection) -> float | None:
    row = connection.execute(_OLDEST).fetchone()
    return None if row is None else float(row[0])


def _row(connection: Connection, query: LiteralString, *parameters: object) -> tuple[Any, ...]:
    row = connection.execute(query, parameters or None).fetchone()
    if row is None:
        raise LookupError("a row that is always there is not")
    return row


def _column(connection: Connection, query: LiteralString) -> list[str]:
    return [row[0] for row in connection.execute(query).fetchall()]
