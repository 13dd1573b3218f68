"""Brings the database's schema up to date: plain SQL files, applied once each, in the order of their names."""

from importlib.resources import as_file, files
from urllib.parse import urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from yoyo import get_backend, read_migrations
from yoyo.backends import DatabaseBackend
from yoyo.migrations import Migration

from alerting.runtime.config import Settings
from alerting.runtime.database import postgres_errors

# Any number: whoever holds it migrates, the others wait and then find nothing left to do.
LOCK = 7_221_801


def known_migrations() -> list[str]:
    """Return the names of all migrations of this version, in their order."""
    folder = files("alerting") / "migrations"
    return sorted(file.name.removesuffix(".sql") for file in folder.iterdir() if file.name.endswith(".sql"))


def migrate(settings: Settings) -> list[str]:
    """Apply what is missing and return the names; safe to call twice, and from several processes at once.

    The lock is PostgreSQL's own, so it goes when its holder is killed; yoyo's is a row that would stay.
    """
    dsn = settings.postgres_dsn.get_secret_value()
    with postgres_errors(), psycopg.connect(dsn, autocommit=True, connect_timeout=5) as guard:
        guard.execute("SET lock_timeout = '60s'")
        guard.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        backend = get_backend(_yoyo_uri(dsn))
        try:
            # Who held it was killed: everybody else waits for the lock that we have.
            backend.break_lock()
            with as_file(files("alerting") / "migrations") as folder:
                missing = list(backend.to_apply(read_migrations(str(folder))))
                for migration in missing:
                    _apply(backend, migration)
        finally:
            backend.connection.close()
    return [migration.id for migration in missing]


def _apply(backend: DatabaseBackend, migration: Migration) -> None:
    """Apply one migration and write down that it was, in one transaction, which is more than yoyo itself promises."""
    migration.load()
    if not migration.use_transactions:
        backend.apply_one(migration)
        return
    with backend.transaction():
        migration.process_steps(backend, "apply")
        backend.mark_one(migration)


def _yoyo_uri(dsn: str) -> str:
    """Return the address as yoyo reads it: a URI whose arguments it hands on to the driver, whatever they are."""
    parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value is not None}
    return f"postgresql+psycopg:///?{urlencode(parts)}"
